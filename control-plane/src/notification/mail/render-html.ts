import { escapedHtml } from "./escaped-html.ts";
import type { MessageFacts } from "./message-facts.ts";
import { perfdataCells } from "./render-text.ts";

// Dark text on light tints that stay readable when a mail program inverts colours; no images, fonts or styles from elsewhere.
const tones = {
  good: { text: "#14532d", background: "#dcfce7" },
  bad: { text: "#7f1d1d", background: "#fee2e2" },
  unsure: { text: "#713f12", background: "#fef9c3" },
  neutral: { text: "#1e293b", background: "#e2e8f0" },
} as const;

const style = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){body,.sheet{background:#0f172a!important;color:#e2e8f0!important}.quiet{color:#94a3b8!important}pre{background:#1e293b!important;color:#e2e8f0!important}td,th{border-color:#334155!important}a{color:#7dd3fc!important}}`;

const font = "font:14px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
const cell = "padding:3px 12px 3px 0;text-align:left;vertical-align:top;border-bottom:1px solid #e2e8f0";
const block =
  "margin:12px 0;padding:10px;background:#f1f5f9;color:#0f172a;white-space:pre-wrap;word-break:break-word;font:13px/1.45 ui-monospace,Menlo,Consolas,monospace";

/** The HTML part: the text part's words with some structure. Everything from outside is escaped; nothing is loaded from anywhere. Pure. */
export function renderHtml(facts: MessageFacts): string {
  const tone = tones[facts.tone];
  const parts = [
    `<h1 style="margin:0;padding:10px 14px;font-size:17px;color:${tone.text};background:${tone.background};border-left:5px solid ${tone.text}">${escapedHtml(facts.headline)}</h1>`,
    `<p>${escapedHtml(facts.lead)}</p>`,
    facts.output === "" ? "" : `<pre style="${block}">${escapedHtml(facts.output)}</pre>`,
    facts.longOutput === "" ? "" : `<pre style="${block}">${escapedHtml(facts.longOutput)}</pre>`,
    facts.thresholds.length === 0
      ? ""
      : `<ul>${facts.thresholds.map((text) => `<li>${escapedHtml(text)}</li>`).join("")}</ul>`,
    ...facts.background.map(
      ({ title, lines }) =>
        `<p>${escapedHtml(title)}:</p>\n<pre style="${block}">${escapedHtml(lines.join("\n"))}</pre>`,
    ),
    table(facts.details.map(([name, value]) => [name, value])),
    perfdataTable(facts),
    `<p><a href="${escapedHtml(facts.link)}">Open it in the console</a></p>`,
    `<p class="quiet" style="color:#64748b;font-size:12px">${escapedHtml(facts.why)}</p>`,
  ].filter((part) => part !== "");
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapedHtml(facts.headline)}</title>
<style>${style}</style></head>
<body style="margin:0;padding:16px;${font}"><div class="sheet" style="max-width:680px">
${parts.join("\n")}
</div></body>
</html>
`;
}

function perfdataTable({ perfdata }: MessageFacts): string {
  if (perfdata.length === 0) return "";
  return table(perfdata.map(perfdataCells), ["label", "value", "warn", "crit"]);
}

function table(rows: readonly (readonly string[])[], head?: readonly string[]): string {
  if (rows.length === 0) return "";
  const header =
    head === undefined ? "" : `<tr>${head.map((text) => `<th style="${cell}">${text}</th>`).join("")}</tr>\n`;
  const lines = rows.map(
    (row) => `<tr>${row.map((text, at) => tag(at === 0 && head === undefined ? "th" : "td", text)).join("")}</tr>`,
  );
  return `<table style="border-collapse:collapse;${font};margin:12px 0">\n${header}${lines.join("\n")}\n</table>`;
}

function tag(name: "th" | "td", text: string): string {
  return `<${name} style="${cell}">${escapedHtml(text)}</${name}>`;
}
