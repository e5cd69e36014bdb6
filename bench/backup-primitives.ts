// What one thread of the backup engine does in a second of processor time: sealing, chunking, compressing, naming.
//
//   npm run bench:backup:primitives
//
// Rates are by the thread's own processor time, so that a busy machine changes them little. stdout is the Markdown for docs/benchmarks.md.
import { hash } from "node:crypto";
import { createChunker, normalSizes, smallSizes } from "@mycloud/backup/chunker";
import { createCompressor, createDecompressor, looksIncompressible } from "@mycloud/backup/compression";
import { createCipher, defaultKdfParameters, deriveKey, generateMasterKey } from "@mycloud/backup/crypto";
import { seededNoise, seededRandom } from "./backup/corpus/random.ts";
import { createTextWriter } from "./backup/corpus/text.ts";
import { describeMachine } from "./ingest/describe-machine.ts";

const KiB = 1024;
const MiB = 1024 * KiB;
const blobSizes = [4 * KiB, 16 * KiB, 64 * KiB, MiB];
const measuredSeconds = 0.5;

const noise = seededNoise("primitives", 64 * MiB);
const text = Buffer.alloc(16 * MiB);
createTextWriter().fill(text, seededRandom("primitives"));

const cipher = createCipher(generateMasterKey());
const compressor = createCompressor();
const decompressor = createDecompressor();
const polynomial = "3da3358b4dc173";
const target = new Uint8Array(MiB + 32);

const rows: (readonly string[])[] = [
  ["", ...blobSizes.map((size) => `${size / KiB} KiB`)],
  perBlob("SHA-256 (a blob's name)", noise, (blob) => hash("sha256", blob, "buffer")),
  perBlob("seal: AES-256-CTR, Poly1305-AES", noise, (blob) => cipher.sealInto(blob, target, 0)),
  perBlob(
    "open",
    noise,
    (sealed) => cipher.open(sealed),
    (blob) => cipher.seal(blob),
  ),
  perBlob("zstd 3, text", text, (blob) => compressor.compress(blob)),
  perBlob(
    "zstd, back",
    text,
    (frame, size) => decompressor.decompress(frame, size),
    (blob) => compressor.compress(blob)?.slice() ?? blob,
  ),
  perBlob("a look whether it is worth compressing", noise, looksIncompressible),
];
const chunking = [
  ["", "MB/s"],
  ["normal: 512 KiB, 1 MiB, 8 MiB", chunkRate(normalSizes)],
  ["small: 16, 64, 256 KiB", chunkRate(smallSizes)],
];

const { N, r, p } = defaultKdfParameters;
const started = cpuSeconds();
await deriveKey("a password", new Uint8Array(64), defaultKdfParameters);
const kdfSeconds = cpuSeconds() - started;

console.log(
  `${describeMachine()} MB (10^6 bytes of plaintext) a second of one thread's processor time, by the length of the blob:\n`,
);
console.log(`${table(rows)}\n\nChunking, with the copy into WebAssembly's memory:\n\n${table(chunking)}\n`);
console.log(`A key from a password (scrypt, N=${N}, r=${r}, p=${p}): ${kdfSeconds.toFixed(2)} s.`);

function perBlob(
  name: string,
  bytes: Buffer,
  work: (prepared: Uint8Array, size: number) => unknown,
  prepare: (blob: Uint8Array) => Uint8Array = (blob) => blob,
): string[] {
  const rates = blobSizes.map((size) => {
    const blobs = Array.from({ length: Math.min(256, bytes.length / size) }, (_, at) => {
      return prepare(bytes.subarray(at * size, (at + 1) * size));
    });
    return rateOf(size * blobs.length, () => {
      for (const blob of blobs) work(blob, size);
    });
  });
  return [name, ...rates];
}

function chunkRate(sizes: typeof normalSizes): string {
  const chunker = createChunker({ polynomial, sizes });
  return rateOf(noise.length, () => chunker.cut(noise, true));
}

/** Repeats some work, after a first time that is not counted. */
function rateOf(bytes: number, work: () => void): string {
  work();
  const start = threadSeconds();
  let turns = 0;
  let seconds = 0;
  do {
    work();
    turns += 1;
    seconds = threadSeconds() - start;
  } while (seconds < measuredSeconds);
  return Math.round((bytes * turns) / seconds / 1e6).toLocaleString("en");
}

function threadSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function table(lines: readonly (readonly string[])[]): string {
  const [head = [], ...body] = lines;
  return [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
