/** Whether a sample of these bytes looks like noise, so that compressing them is not worth trying. */
export function looksIncompressible(_bytes: Uint8Array): boolean {
  throw new Error("looksIncompressible is not built yet");
}
