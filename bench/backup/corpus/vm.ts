import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Corpus } from "./corpus.ts";
import { type Random, seededNoise, seededRandom } from "./random.ts";
import { createTextWriter, type TextWriter } from "./text.ts";

const imageName = "disk.img";
const pageBytes = 4096;
const MiB = 1024 * 1024;

/** A disk image: a quarter each zeros, extents that repeat, text and noise. A hundredth of its pages changes, and a part moves. */
export function vmCorpus(scale: number): Corpus {
  const imageBytes = Math.max(32, Math.round(1024 * scale)) * MiB;
  const text = createTextWriter();
  return {
    name: "vm",
    description: `a disk image of ${imageBytes / MiB} MiB; a hundredth of its 4 KiB pages changes and 1 MiB is inserted`,
    oneFile: imageName,
    make(directory) {
      const random = seededRandom("vm");
      const repeated = Array.from({ length: 8 }, (_, at) =>
        extent(at % 2 === 0 ? "text" : "noise", `pool ${at}`, random, text),
      );
      const file = openSync(join(directory, imageName), "w");
      let left = imageBytes;
      for (let turn = 0; left > 0; turn++) {
        const content = extentOf(turn, random, repeated, text);
        left -= writeSync(file, content, 0, Math.min(left, content.length));
      }
      closeSync(file);
    },
    change(directory, round) {
      const random = seededRandom(`vm, round ${round}`);
      const file = openSync(join(directory, imageName), "r+");
      const pages = Math.floor(fstatSync(file).size / pageBytes);
      for (let changed = 0; changed < pages / 100; changed++) {
        const page = seededNoise(`vm, round ${round}, page ${changed}`, pageBytes);
        writeSync(file, page, 0, pageBytes, random.below(pages) * pageBytes);
      }
      insert(file, Math.floor(pages / 2) * pageBytes, seededNoise(`vm, round ${round}, inserted`, MiB));
      closeSync(file);
    },
  };
}

function extentOf(turn: number, random: Random, repeated: readonly Buffer[], text: TextWriter): Buffer {
  switch (turn % 4) {
    case 0:
      return Buffer.alloc(extentBytes(random));
    case 1:
      return repeated[random.below(repeated.length)] ?? Buffer.alloc(pageBytes);
    case 2:
      return extent("text", "", random, text);
    default:
      return extent("noise", `extent ${turn}`, random, text);
  }
}

function extent(kind: "text" | "noise", label: string, random: Random, text: TextWriter): Buffer {
  if (kind === "noise") return seededNoise(`vm, ${label}`, extentBytes(random));
  const content = Buffer.alloc(extentBytes(random));
  text.fill(content, random);
  return content;
}

function extentBytes(random: Random): number {
  return MiB + random.below((7 * MiB) / pageBytes) * pageBytes;
}

/** Inserts bytes by moving what follows, from the end backwards. */
function insert(file: number, position: number, content: Buffer): void {
  const buffer = Buffer.alloc(16 * MiB);
  for (let end = fstatSync(file).size; end > position; ) {
    const length = Math.min(buffer.length, end - position);
    end -= length;
    readSync(file, buffer, 0, length, end);
    writeSync(file, buffer, 0, length, end + content.length);
  }
  writeSync(file, content, 0, content.length, position);
}
