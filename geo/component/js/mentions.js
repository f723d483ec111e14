// The layer of places mentioned.

import { free } from "./base.js";
import { mercatorX, mercatorY } from "./data.js";
import { short } from "./marks.js";

/** Every place mentioned as a small triangle; its name and count where there is room, the most often named first. */
export function paintMentions(context, view, store, colours) {
  const { mentions } = store.payload;
  const boxes = [];
  context.font = `11px ${colours.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const world of view.worlds) {
    for (let i = 0; i < mentions.name.length; i++) {
      const x = (mercatorX(mentions.lon[i] / 1e5) + world) * view.scale - view.origin.x;
      const y = mercatorY(mentions.lat[i] / 1e5) * view.scale - view.origin.y;
      if (x < view.min.x - 80 || x > view.max.x + 80 || y < view.min.y || y > view.max.y + 30) continue;
      const text = `${store.texts[mentions.name[i]]} ${short(mentions.n[i])}`;
      const w = context.measureText(text).width + 12;
      context.fillStyle = colours.mention;
      context.beginPath();
      context.moveTo(x - 4.5, y - 8);
      context.lineTo(x, y - 1);
      context.lineTo(x + 4.5, y - 8);
      if (free(boxes, x, y - 17, w, 18)) context.roundRect(x - w / 2, y - 25, w, 17, 3);
      context.fill();
      context.fillStyle = colours.mentionText;
      if (boxes.named !== boxes.length) context.fillText(text, x, y - 16);
      boxes.named = boxes.length;
    }
  }
}
