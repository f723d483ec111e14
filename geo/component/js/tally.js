// How many incidents a window holds, by what is drawn. Sums stand ready at checkpoints along the time, so that a window
// costs the same however many incidents it holds: what started by its end, less what ended before its start.

const ROOM = 3e6; // numbers kept at all checkpoints together
const MOST = 512; // checkpoints
const NEAREST = 64; // incidents from one to the next, at least

/** Counts of `sizes` kinds; `kinds[i]` says of which kind incident i is. */
export class Tally {
  constructor(store, kinds, size) {
    Object.assign(this, { store, kinds, size });
    const points = Math.max(1, Math.min(MOST, Math.floor(ROOM / 2 / size)));
    this.stride = Math.max(NEAREST, Math.ceil(store.dated / points));
    this.sums = new Int32Array(size);
    this.started = new Int32Array(this.room());
    this.ended = new Int32Array(this.room());
    this.undated = new Int32Array(size);
  }

  room() {
    return (Math.floor(this.store.dated / this.stride) + 1) * this.size;
  }

  /** Takes the incidents that pass all filters but the window. */
  fill(mask) {
    const { store, kinds } = this;
    this.mask = mask;
    this.climb(this.started, null);
    this.climb(this.ended, store.byEnd);
    this.undated.fill(0);
    for (let i = store.dated; i < store.n; i++) if (mask[i]) this.undated[kinds[i]]++;
  }

  /** At each checkpoint the sums of all incidents before it, in the order given; in that of their start where none is. */
  climb(sums, order) {
    const { mask, kinds, size, stride } = this;
    const running = new Int32Array(size);
    for (let k = 0; k < this.store.dated; k++) {
      if (k % stride === 0) sums.set(running, (k / stride) * size);
      const i = order ? order[k] : k;
      if (mask[i]) running[kinds[i]]++;
    }
    if (this.store.dated % stride === 0) sums.set(running, (this.store.dated / stride) * size);
  }

  /** The sums of a window, by kind; the same array at every call. */
  window({ start, end, certain, undated }) {
    const { store, sums, size } = this;
    if (certain) this.inside(start, end);
    else {
      this.take(this.started, null, firstAfter(store.start, store.dated, end), 1);
      this.take(this.ended, store.byEnd, firstAfter(store.ends, store.dated, start - 1), -1);
    }
    if (undated) for (let k = 0; k < size; k++) sums[k] += this.undated[k];
    return sums;
  }

  /** Adds, or takes off, the first `count` incidents in an order. */
  take(checkpoints, order, count, sign) {
    const { sums, mask, kinds, size, stride } = this;
    const from = Math.floor(count / stride);
    const at = from * size;
    if (sign > 0) for (let k = 0; k < size; k++) sums[k] = checkpoints[at + k];
    else for (let k = 0; k < size; k++) sums[k] -= checkpoints[at + k];
    for (let k = from * stride; k < count; k++) {
      const i = order ? order[k] : k;
      if (mask[i]) sums[kinds[i]] += sign;
    }
  }

  /** What lies wholly within: all of it starts there, so one looks at no more. */
  inside(start, end) {
    const { store, sums, mask, kinds } = this;
    sums.fill(0);
    const last = firstAfter(store.start, store.dated, end);
    for (let i = firstAfter(store.start, store.dated, start - 1); i < last; i++) if (mask[i] && store.end[i] <= end) sums[kinds[i]]++;
  }
}

/** How many of the first `count` numbers, which rise, are no larger than `value`. */
export function firstAfter(numbers, count, value) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
