// A real browser on the real console: Debian's Chromium by playwright-core, and what every page must keep whatever it shows: it asks no other
// origin, says nothing on the console, names all its controls, has readable text and fits its window.

export * from "./chromium.ts";
export * from "./contrast.ts";
export * from "./faulty-controls.ts";
export * from "./screenshots.ts";
export * from "./sideways-scroll.ts";
export * from "./watched-page.ts";
