/** A text of at most so many bytes of UTF-8, cut at a character's end. Pure. */
export function cutText(text: string, maximumBytes: number): string {
  // Each UTF-16 unit is 3 bytes at most.
  if (text.length * 3 <= maximumBytes || Buffer.byteLength(text) <= maximumBytes) return text;
  const bytes = Buffer.from(text.slice(0, maximumBytes));
  let end = Math.min(maximumBytes, bytes.length);
  // 10xxxxxx goes on with a character that began before.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}
