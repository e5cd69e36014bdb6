import type { Page } from "playwright-core";

const script = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
    .slice(0, 5)
    .map((element) => element.tagName.toLowerCase() + "." + element.className + " reaches " + Math.round(element.getBoundingClientRect().right));
})()`;

/** What makes a page wider than its window; empty when it fits. */
export function whatStandsOut(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(script);
}
