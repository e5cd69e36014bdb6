/** A question that a choice asks before it runs. */
export interface Question {
  readonly prompt: string;
  /** Taken for an empty answer; null: an empty answer gives the choice up. */
  readonly whenEmpty: string | null;
}

/** Something that can be done, with one key. */
export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly questions?: readonly Question[];
  /** The command's words, from the answers. */
  readonly words: (answers: readonly string[]) => string[];
}

const which: Question = { prompt: "Which file or folder? ", whenEmpty: null };
const when: Question = {
  prompt: "As it was when? (latest, yesterday, 2026-11-22, an id) [latest] ",
  whenEmpty: "latest",
};

/** What can be done with the backups of one machine. */
export const machineChoices: readonly Choice[] = [
  { key: "s", label: "back up now", words: () => ["sync"] },
  { key: "l", label: "show all snapshots", words: () => ["log"] },
  {
    key: "b",
    label: "look into a folder as it was",
    questions: [when, { prompt: "Which folder? [where the backup begins] ", whenEmpty: "" }],
    words: ([snapshot = "latest", folder = ""]) => ["ls", folder === "" ? snapshot : `${snapshot}:${folder}`],
  },
  {
    key: "f",
    label: "find a file by its name",
    questions: [{ prompt: "Name, or part of it? ", whenEmpty: null }],
    words: ([name = ""]) => ["find", name],
  },
  {
    key: "d",
    label: "see what changed",
    questions: [
      { ...when, prompt: "Since when? (latest~1, yesterday, 2026-11-22, an id) [latest~1] ", whenEmpty: "latest~1" },
    ],
    words: ([since = "latest~1"]) => ["diff", since],
  },
  {
    key: "c",
    label: "bring a file or folder back",
    questions: [which, when],
    words: ([path = "", snapshot = "latest"]) => ["checkout", snapshot, path],
  },
  {
    key: "r",
    label: "roll a folder back; the plan is shown first",
    questions: [which, when],
    words: ([path = "", snapshot = "latest"]) => ["rollback", snapshot, path],
  },
  {
    key: "w",
    label: "download a file or folder to this machine",
    questions: [which, when],
    words: ([path = "", snapshot = "latest"]) => ["download", snapshot, path],
  },
  {
    key: "k",
    label: "keep a snapshot",
    questions: [when, { prompt: "Why? ", whenEmpty: "to be kept" }],
    words: ([snapshot = "latest", reason = ""]) => ["hold", snapshot, "--reason", reason],
  },
];

/** What can be done always, once somebody is logged in. */
export const personChoices: readonly Choice[] = [
  { key: "n", label: "add a machine", words: () => ["enrolment", "create"] },
  { key: "o", label: "log out", words: () => ["logout"] },
  { key: "a", label: "all commands", words: () => ["--help"] },
];

const where: Question = { prompt: "Address of the control plane (https://...)? ", whenEmpty: null };

/** What can be done by somebody who is not logged in. */
export const strangerChoices: readonly Choice[] = [
  { key: "i", label: "log in", questions: [where], words: ([url = ""]) => ["login", "--server", url] },
  { key: "m", label: "make an account", questions: [where], words: ([url = ""]) => ["register", "--server", url] },
  { key: "a", label: "all commands", words: () => ["--help"] },
];
