// What a view is: the state that all parts show, as it opens and as an address may tell it.

export const OPEN_STATE = {
  certain: false, undated: false, filters: {}, text: "", fatalities: 0, confidence: 0, area: null, selected: "", mentions: false, heat: false, theme: "auto",
};

export const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const isText = (value) => typeof value === "string";
const isSwitch = (value) => typeof value === "boolean";
const isLeast = (value) => isNumber(value) && value >= 0;
export const isPoint = (value) => Array.isArray(value) && value.length === 2 && value.every(isNumber) && Math.abs(value[0]) <= 90;
const isTexts = (value) => Array.isArray(value) && value.every(isText);

/** What each part of a view may be: anybody can write one into an address. */
export const VALID = {
  certain: isSwitch, undated: isSwitch, mentions: isSwitch, heat: isSwitch, text: isText, selected: isText, fatalities: isLeast, confidence: isLeast,
  theme: (value) => ["auto", "light", "dark"].includes(value),
  area: (value) => Array.isArray(value) && value.every(isNumber) && value.length % 2 === 0 && value.length !== 2,
  filters: (value) => value !== null && typeof value === "object" && !Array.isArray(value) && Object.values(value).every(isTexts),
};
