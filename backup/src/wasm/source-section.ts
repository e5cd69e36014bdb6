/** The custom section of our WebAssembly modules that holds the SHA-256 of their source. */
export const sourceSection = "source-sha256";
