// The colours of the canvases, light and dark; those of the page are in map.css.

const SERIF = 'Georgia, "Times New Roman", "Noto Serif", "Liberation Serif", serif';
const FONT = 'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "Noto Sans", "Liberation Sans", sans-serif';

/** All colours of a theme by what they colour. */
export function themeColours(dark) {
  const light = {
    dark: false, font: FONT, serif: SERIF, sea: "#dfe7ec", seaName: "#6f8a9b", land: "#f7f5f0", coast: "#b4bfc6", border: "#a39d92", province: "#dcd7cd", countryName: "#857f74",
    provinceName: "#9a948a", townName: "#6f6a61", townDot: "#8b857b", surface: "#ffffff", rim: "#00000030", cluster: "#5c6470",
    text: "#1c2126", halo: "#fffffff0", accent: "#111111", axis: "#c9c9c4", muted: "#5d6268", mention: "#4b5563e6", mentionText: "#ffffff",
  };
  if (!dark) return light;
  return {
    ...light, dark: true, sea: "#11161b", seaName: "#5f788a", land: "#262b31", coast: "#4b5661", border: "#6a737d", province: "#363d45", countryName: "#98a1ab",
    provinceName: "#7d8791", townName: "#a5adb6", townDot: "#8b949e", surface: "#15191e", rim: "#ffffff40", cluster: "#aab4bf",
    text: "#f0f3f6", halo: "#15191ee6", accent: "#ffffff", axis: "#4b5561", muted: "#a8b0b9", mention: "#d7dde4e6", mentionText: "#15191e",
  };
}
