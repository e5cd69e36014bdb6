import type { RaThemeOptions } from "react-admin";
import { darkPalette, lightPalette, type Palette } from "./palette.ts";

const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Ubuntu, Cantarell, Arial, sans-serif';
export const monospace =
  'ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, "Liberation Mono", monospace';

/** The palette as CSS variables, for the style sheet: `--tone-critical`, `--line`, ... */
export function paletteVariables(palette: Palette): Record<string, string> {
  const grouped = (name: "tone" | "tint" | "fill") =>
    Object.entries(palette[name]).map(([tone, colour]) => [`--${name}-${tone}`, colour]);
  return Object.fromEntries([
    ["--background", palette.background],
    ["--surface", palette.surface],
    ["--raised", palette.raised],
    ["--line", palette.line],
    ["--line-strong", palette.lineStrong],
    ["--text", palette.text],
    ["--text-quiet", palette.textQuiet],
    ["--accent", palette.accent],
    ["--accent-text", palette.accentText],
    ["--focus", palette.focus],
    ["--on-critical", palette.onCritical],
    ["--font", fontFamily],
    ["--monospace", monospace],
    ...grouped("tone"),
    ...grouped("tint"),
    ...grouped("fill"),
  ]);
}

function createOptions(mode: "light" | "dark", palette: Palette): RaThemeOptions {
  const focusRing = { outline: `2px solid ${palette.focus}`, outlineOffset: 1 };
  return {
    palette: {
      mode,
      primary: { main: palette.accent, contrastText: palette.accentText },
      secondary: { main: palette.accent, contrastText: palette.accentText },
      error: { main: palette.tone.critical },
      warning: { main: palette.tone.warning },
      success: { main: palette.tone.ok },
      info: { main: palette.accent },
      background: { default: palette.background, paper: palette.surface },
      text: { primary: palette.text, secondary: palette.textQuiet },
      divider: palette.line,
    },
    shape: { borderRadius: 6 },
    spacing: 8,
    typography: {
      fontFamily,
      fontSize: 13,
      body1: { fontSize: "0.8125rem", lineHeight: 1.45 },
      body2: { fontSize: "0.8125rem" },
      h6: { fontSize: "1rem", fontWeight: 600 },
      button: { textTransform: "none", fontWeight: 550, letterSpacing: 0 },
      caption: { fontSize: "0.75rem" },
    },
    transitions: { create: () => "none" },
    components: {
      MuiCssBaseline: {
        styleOverrides: {
          ":root": { ...paletteVariables(palette), colorScheme: mode },
          // Paper is white, however the screen is.
          "@media print": { ":root": { ...paletteVariables(lightPalette), colorScheme: "light" } },
        },
      },
      MuiButtonBase: {
        defaultProps: { disableRipple: true },
        styleOverrides: { root: { "&:focus-visible": focusRing } },
      },
      MuiButton: {
        defaultProps: { size: "small", disableElevation: true },
        styleOverrides: { root: { minHeight: 30, whiteSpace: "nowrap" } },
      },
      MuiTextField: { defaultProps: { variant: "outlined", size: "small", margin: "dense", fullWidth: true } },
      MuiFormControl: { defaultProps: { variant: "outlined", size: "small", margin: "dense", fullWidth: true } },
      MuiAutocomplete: { defaultProps: { fullWidth: true, size: "small" } },
      MuiOutlinedInput: { styleOverrides: { notchedOutline: { borderColor: palette.lineStrong } } },
      MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: "none" } } },
      MuiMenu: {
        styleOverrides: {
          paper: { border: `1px solid ${palette.lineStrong}`, boxShadow: "0 8px 24px rgb(0 0 0 / 18%)" },
        },
      },
      MuiPopover: { styleOverrides: { paper: { border: `1px solid ${palette.lineStrong}` } } },
      MuiDialog: {
        styleOverrides: {
          paper: { border: `1px solid ${palette.lineStrong}`, boxShadow: "0 16px 48px rgb(0 0 0 / 28%)" },
        },
      },
      MuiDialogTitle: { styleOverrides: { root: { fontSize: "1rem", fontWeight: 600, paddingBottom: 8 } } },
      MuiTooltip: {
        styleOverrides: { tooltip: { fontSize: "0.75rem", backgroundColor: palette.text, color: palette.surface } },
      },
      MuiCheckbox: { defaultProps: { size: "small" } },
      MuiSwitch: { defaultProps: { size: "small" } },
      MuiChip: { styleOverrides: { root: { borderRadius: 4 } } },
      MuiToolbar: { styleOverrides: { root: { backgroundColor: "transparent" } } },
    },
  };
}

export const lightTheme = createOptions("light", lightPalette);
export const darkTheme = createOptions("dark", darkPalette);
