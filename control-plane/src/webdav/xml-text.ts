const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
/** What XML 1.0 has no way to write, not even as a number; and what a parser would change on its way (line ends, tabs). */
const illegal = /[\0-\x1f\x7f\ufffe\uffff]/g;

/** Text for an element or an attribute. Characters that XML cannot carry become `\xNN` for each byte, as names of snapshots have them. Pure. */
export function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replace(illegal, (character) =>
      Array.from(Buffer.from(character), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""),
    )
    .replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
