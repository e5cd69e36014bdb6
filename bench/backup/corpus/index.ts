// What is backed up: corpora that are the same on every machine and in every run (but for the copy of /usr), and the changes made to them.
import type { Corpus } from "./corpus.ts";
import { homeCorpus } from "./home.ts";
import { mediaCorpus } from "./media.ts";
import { usrCorpus } from "./usr.ts";
import { vmCorpus } from "./vm.ts";

export type { Corpus } from "./corpus.ts";

export const corpusNames = ["home", "media", "vm", "usr"] as const;
export type CorpusName = (typeof corpusNames)[number];

/** A corpus by name; `scale` 1 is its full size, /usr has always that. */
export function corpusOf(name: CorpusName, scale: number): Corpus {
  switch (name) {
    case "home":
      return homeCorpus(scale);
    case "media":
      return mediaCorpus(scale);
    case "vm":
      return vmCorpus(scale);
    case "usr":
      return usrCorpus;
  }
}
