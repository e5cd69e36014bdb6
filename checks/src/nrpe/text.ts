/** UTF-8 bytes of a text, at most `maximumBytes`, never ending inside a character. */
export function cutText(text: string, maximumBytes: number): Buffer {
  const bytes = Buffer.from(text.replaceAll("\0", "\uFFFD"), "utf8");
  if (bytes.length <= maximumBytes) return bytes;
  let end = maximumBytes;
  // 10xxxxxx goes on with a character that began before.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
