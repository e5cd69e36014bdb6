/** Bytes looked at, in so many pieces spread over all of them. */
const sampleBytes = 8 * 1024;
const pieceBytes = 512;

/** Below this there is too little to judge by. */
const smallestBytes = 1024;

/**
 * How much more often than in noise two bytes of the sample may be equal. Noise itself stays within 1.03; media and archives mostly
 * within 1.05, text and programs are above 3. At this limit Huffman codes would save less than one percent.
 */
const tolerance = 1.08;

/** Whether a sample of these bytes looks like noise (media, archives, ciphertext), so that compressing them is not worth trying. */
export function looksIncompressible(bytes: Uint8Array): boolean {
  if (bytes.length < smallestBytes) return false;
  const counts = new Uint32Array(256);
  const step = Math.max(pieceBytes, Math.floor(bytes.length / (sampleBytes / pieceBytes)));
  let sampled = 0;
  for (let from = 0; from < bytes.length; from += step) {
    const end = Math.min(from + pieceBytes, bytes.length);
    for (let at = from; at < end; at++) {
      const byte = bytes[at] ?? 0;
      counts[byte] = (counts[byte] ?? 0) + 1;
    }
    sampled += end - from;
  }
  let equalPairs = 0;
  for (const count of counts) equalPairs += count * (count - 1);
  return equalPairs * 256 <= tolerance * sampled * (sampled - 1);
}
