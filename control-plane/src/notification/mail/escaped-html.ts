/** Text as HTML, in attributes too; control characters that no document may have are left out. Pure. */
export function escapedHtml(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
