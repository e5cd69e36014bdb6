/**
 * A `Content-Disposition` that every browser saves under the right name: a plain one for the oldest, and RFC 5987's for the others. No name gets out of
 * its quotes, and none names a folder. Pure.
 */
export function contentDisposition(kind: "attachment" | "inline", fileName: string): string {
  // Slashes of any system, control characters, and halves of surrogate pairs.
  const name =
    fileName
      .toWellFormed()
      .replace(/[\p{Cc}/\\]/gu, "_")
      .slice(0, 255) || "download";
  const plain = name.replace(/[^\x20-\x7e]|["%]/g, "_");
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
