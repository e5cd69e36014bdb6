import type { Page } from "playwright-core";

// Runs in the page. The formula is WCAG 2.2's; what is translucent is laid over what is behind it.
const script = `(() => {
  const parse = (text) => {
    const numbers = text.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    const scale = text.startsWith("color(") ? 255 : 1;
    return { rgb: numbers.slice(0, 3).map((n) => n * scale), alpha: numbers[3] ?? 1 };
  };
  const over = (top, alpha, bottom) => top.map((value, i) => value * alpha + bottom[i] * (1 - alpha));
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const s = value / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  // Of each element what is behind its texts; asked once, for most have their ancestors in common.
  const known = new Map([[null, { background: [255, 255, 255], opacity: 1, isUnknown: false }]]);
  const behind = (element) => {
    if (!known.has(element)) {
      const below = behind(element.parentElement);
      const style = getComputedStyle(element);
      const { rgb, alpha } = parse(style.backgroundColor);
      known.set(element, {
        background: over(rgb, alpha, below.background),
        opacity: below.opacity * Number(style.opacity),
        isUnknown: below.isUnknown || style.backgroundImage !== "none",
      });
    }
    return known.get(element);
  };
  const faults = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (text === "" || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest("[disabled], [aria-disabled=true], .Mui-disabled, .visually-hidden, script, style, noscript, [aria-hidden=true]")) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const { background, opacity, isUnknown } = behind(element);
    if (isUnknown) continue;
    const style = getComputedStyle(element);
    const { rgb, alpha } = parse(style.color);
    const foreground = over(rgb, alpha * opacity, background);
    const [light, dark] = [luminance(foreground), luminance(background)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) {
      const place = element.tagName.toLowerCase() + (element.className ? "." + String(element.className).split(" ").join(".") : "");
      if (!faults.has(place)) faults.set(place, ratio.toFixed(2) + " " + place + ": " + text.slice(0, 40));
    }
  }
  return [...faults.values()];
})()`;

/** Texts of a page whose contrast to what is behind them is below WCAG AA: 4.5, or 3 where they are large. Text on pictures is left out. */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(script);
}
