import assert from "node:assert/strict";
import { test } from "node:test";
import { contrastRatio } from "./contrast.ts";
import { darkPalette, lightPalette, type Tone } from "./palette.ts";

test("contrast is measured as WCAG does", () => {
  assert.equal(contrastRatio("#000000", "#ffffff"), 21);
  assert.ok(Math.abs(contrastRatio("#777777", "#ffffff") - 4.48) < 0.01);
});

for (const [mode, palette] of [
  ["light", lightPalette],
  ["dark", darkPalette],
] as const) {
  const surfaces = [palette.background, palette.surface, palette.raised];
  test(`all text of the ${mode} theme is readable on every surface`, () => {
    const texts = { text: palette.text, quiet: palette.textQuiet, accent: palette.accent, ...palette.tone };
    for (const [name, colour] of Object.entries(texts)) {
      for (const surface of surfaces) {
        const ratio = contrastRatio(colour, surface);
        assert.ok(ratio >= 4.5, `${name} ${colour} on ${surface} is ${ratio.toFixed(2)}`);
      }
    }
    assert.ok(contrastRatio(palette.accentText, palette.accent) >= 4.5);
    assert.ok(contrastRatio(palette.onCritical, palette.fill.critical) >= 4.5);
  });

  test(`every state of the ${mode} theme is readable on its own tint`, () => {
    for (const tone of Object.keys(palette.tone) as Tone[]) {
      const ratio = contrastRatio(palette.tone[tone], palette.tint[tone]);
      assert.ok(ratio >= 4.5, `${tone} is ${ratio.toFixed(2)}`);
    }
  });

  test(`nothing unknown is as green as ok in the ${mode} theme`, () => {
    for (const tone of ["stale", "pending", "unknown"] as const) {
      assert.notEqual(palette.tone[tone], palette.tone.ok);
      assert.notEqual(palette.fill[tone], palette.fill.ok);
    }
  });

  test(`focus is visible on every surface of the ${mode} theme`, () => {
    for (const surface of surfaces) assert.ok(contrastRatio(palette.focus, surface) >= 3);
  });
}
