// A Leaflet layer that paints on one canvas: kept in place while the map is dragged, scaled while it zooms.

/** A new layer; `paint(context, view)` is called with layer coordinates. Call `redraw()` when what it paints changes. */
export function canvasLayer(pane, paint, padding = 0.2) {
  const L = globalThis.L;
  const Layer = L.Renderer.extend({
    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.className = "im-canvas";
      this._container.setAttribute("aria-hidden", "true");
      this.context = this._container.getContext("2d");
    },
    _destroyContainer() {
      this._container.remove();
      delete this._container;
    },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const { min } = this._bounds;
      const size = this._bounds.getSize();
      const ratio = globalThis.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._container, min);
      const [w, h] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
      if (this._container.width !== w || this._container.height !== h) {
        this._container.width = w;
        this._container.height = h;
        this._container.style.width = `${size.x}px`;
        this._container.style.height = `${size.y}px`;
      }
      this.redraw();
    },
    _reset() {
      this._update(); // Leaflet's own would shift the canvas by a part of a pixel, which blurs its text
    },
    redraw() {
      if (!this._map || !this._bounds || !this._container.width || !this._container.height) return;
      const ratio = globalThis.devicePixelRatio || 1;
      const { min, max } = this._bounds;
      const origin = this._map.getPixelOrigin();
      const scale = 256 * 2 ** this._zoom;
      this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.context.clearRect(0, 0, max.x - min.x, max.y - min.y);
      this.context.translate(-min.x, -min.y);
      const worlds = [];
      for (let k = Math.floor((min.x + origin.x) / scale); k <= Math.floor((max.x + origin.x) / scale); k++) worlds.push(k);
      paint(this.context, { scale, zoom: this._zoom, origin, min, max, worlds });
    },
  });
  return new Layer({ pane, padding });
}
