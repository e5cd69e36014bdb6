/** Forms whose first bytes tell them; `compressed` ones look random but for those. */
const signatures: readonly { readonly form: string; readonly bytes: readonly number[]; readonly at?: number }[] = [
  { form: "jpeg", bytes: [0xff, 0xd8, 0xff] },
  { form: "png", bytes: [0x89, 0x50, 0x4e, 0x47] },
  { form: "gif", bytes: [0x47, 0x49, 0x46, 0x38] },
  { form: "webp", bytes: [0x57, 0x45, 0x42, 0x50], at: 8 },
  { form: "zip", bytes: [0x50, 0x4b, 0x03, 0x04] },
  { form: "zip", bytes: [0x50, 0x4b, 0x05, 0x06] },
  { form: "pdf", bytes: [0x25, 0x50, 0x44, 0x46] },
  { form: "ole", bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { form: "gzip", bytes: [0x1f, 0x8b] },
  { form: "bzip2", bytes: [0x42, 0x5a, 0x68] },
  { form: "xz", bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { form: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { form: "lz4", bytes: [0x04, 0x22, 0x4d, 0x18] },
  { form: "7z", bytes: [0x37, 0x7a, 0xbc, 0xaf] },
  { form: "rar", bytes: [0x52, 0x61, 0x72, 0x21] },
  { form: "zlib", bytes: [0x78, 0x01] },
  { form: "zlib", bytes: [0x78, 0x5e] },
  { form: "zlib", bytes: [0x78, 0x9c] },
  { form: "zlib", bytes: [0x78, 0xda] },
  { form: "git-pack", bytes: [0x50, 0x41, 0x43, 0x4b] },
  { form: "mp3", bytes: [0x49, 0x44, 0x33] },
  { form: "mp3", bytes: [0xff, 0xfb] },
  { form: "mp4", bytes: [0x66, 0x74, 0x79, 0x70], at: 4 },
  { form: "ogg", bytes: [0x4f, 0x67, 0x67, 0x53] },
  { form: "flac", bytes: [0x66, 0x4c, 0x61, 0x43] },
  { form: "matroska", bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { form: "riff", bytes: [0x52, 0x49, 0x46, 0x46] },
  { form: "woff", bytes: [0x77, 0x4f, 0x46, 0x46] },
  { form: "woff", bytes: [0x77, 0x4f, 0x46, 0x32] },
  { form: "deb", bytes: [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e] },
  { form: "rpm", bytes: [0xed, 0xab, 0xee, 0xdb] },
  { form: "elf", bytes: [0x7f, 0x45, 0x4c, 0x46] },
  { form: "tar", bytes: [0x75, 0x73, 0x74, 0x61, 0x72], at: 257 },
  { form: "sqlite", bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65] },
];

/** What a name promises of the first bytes. */
const promises: Readonly<Record<string, readonly string[]>> = {
  jpg: ["jpeg"],
  jpeg: ["jpeg"],
  png: ["png"],
  gif: ["gif"],
  webp: ["webp"],
  pdf: ["pdf"],
  zip: ["zip"],
  jar: ["zip"],
  docx: ["zip"],
  xlsx: ["zip"],
  pptx: ["zip"],
  odt: ["zip"],
  ods: ["zip"],
  odp: ["zip"],
  epub: ["zip"],
  doc: ["ole"],
  xls: ["ole"],
  ppt: ["ole"],
  gz: ["gzip"],
  tgz: ["gzip"],
  bz2: ["bzip2"],
  xz: ["xz"],
  zst: ["zstd"],
  "7z": ["7z"],
  rar: ["rar"],
  mp3: ["mp3"],
  mp4: ["mp4"],
  mov: ["mp4"],
  m4a: ["mp4"],
  ogg: ["ogg"],
  flac: ["flac"],
  mkv: ["matroska"],
  sqlite: ["sqlite"],
};

const textExtensions = new Set(
  "txt md csv tsv log html htm xml json yaml yml ini conf cfg css js ts php py rb pl sh c h cc cpp java go rs sql tex eml".split(
    " ",
  ),
);

/** The form that the first bytes of a file tell, or null. Pure. */
export function formOf(head: Uint8Array): string | null {
  const found = signatures.find(({ bytes, at = 0 }) => bytes.every((byte, offset) => head[at + offset] === byte));
  return found?.form ?? null;
}

/** Forms that one file has many others in, or the stream of such a file. */
const archives = new Set(["zip", "7z", "rar", "tar", "gzip", "bzip2", "xz", "zstd", "lz4"]);

/** Whether a form is that of archives. Pure. */
export function isArchiveForm(form: string | null): boolean {
  return form !== null && archives.has(form);
}

/** Whether a name promises a form that can be told. Pure. */
export function promisesForm(name: string): boolean {
  const extension = extensionOf(name);
  return extension in promises || textExtensions.has(extension);
}

/** The extension of a name in small letters, without its dot; empty when it has none. Pure. */
export function extensionOf(name: string): string {
  const at = name.lastIndexOf(".");
  return at <= 0 ? "" : name.slice(at + 1).toLowerCase();
}

/** Below this, nothing can be told of bytes. */
const fewestBytes = 64;
/** Pearson's chi-square over 256 values: random bytes give 255, deviation 22.6. Compressed forms without their headers lie above this. */
const chiSquareLimit = 255 + 6 * 22.6;

/** Whether bytes look as if they were drawn at random: encrypted. False for fewer than 64. Pure. */
export function looksRandom(bytes: Uint8Array): boolean {
  const { length } = bytes;
  if (length < fewestBytes) return false;
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  let squares = 0;
  for (const count of counts) squares += count * count;
  return (256 / length) * squares - length < chiSquareLimit;
}
