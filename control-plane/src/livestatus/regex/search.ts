import { compileProgram, type Step } from "./program.ts";
import { parseRegex } from "./syntax.ts";

/** Says whether an expression matches somewhere in a text. */
export type Search = (text: string) => boolean;

/**
 * Makes a search of an expression that came from the network. Its time grows with the length of the text and of the expression and with nothing
 * else: the automaton is followed in all its states at once, and sets of states seen before are remembered (a DFA made as needed). V8's own
 * engine backtracks: `(a+)+$` on forty characters would stop the whole process. Throws RegexError.
 */
export function compileSearch(pattern: string, ignoresCase: boolean): Search {
  const plain = plainSearch(pattern, ignoresCase);
  if (plain !== undefined) return plain;
  const { node, ignoresCase: saysSo } = parseRegex(pattern);
  return automatonSearch(compileProgram(node, ignoresCase || saysSo));
}

/** Most expressions are a word, perhaps with ^ or $: those need no automaton. */
function plainSearch(pattern: string, ignoresCase: boolean): Search | undefined {
  const match = /^(\^?)([^\\^$.|?*+()[\]{}]*)(\$?)$/.exec(pattern);
  if (match === null) return undefined;
  const [, start, text = "", end] = match;
  const word = ignoresCase ? text.toLowerCase() : text;
  const fold = ignoresCase ? (value: string) => value.toLowerCase() : (value: string) => value;
  if (start && end) return (value) => fold(value) === word;
  if (start) return (value) => fold(value).startsWith(word);
  if (end) return (value) => fold(value).endsWith(word);
  return (value) => fold(value).includes(word);
}

/** A set of places the automaton may be in before the next character. */
interface State {
  readonly places: readonly number[];
  readonly isStart: boolean;
  readonly isAfterWord: boolean;
  /** By code of the next character; `true` = matched. The end of the text has its own. */
  readonly next: Map<number, State | true>;
  atEnd: boolean | undefined;
}

/** Then all are forgotten and made again as needed: memory stays small whatever is searched. */
const maximumStates = 500;

function automatonSearch(steps: readonly Step[]): Search {
  let states = new Map<string, State>();
  const start = (): State => stateOf([0], true, false);

  function stateOf(places: readonly number[], isStart: boolean, isAfterWord: boolean): State {
    const key = `${isStart ? "^" : ""}${isAfterWord ? "w" : ""}${places.join()}`;
    const known = states.get(key);
    if (known !== undefined) return known;
    if (states.size >= maximumStates) states = new Map();
    const state: State = { places, isStart, isAfterWord, next: new Map(), atEnd: undefined };
    states.set(key, state);
    return state;
  }

  /** The places reached without a character; undefined when the expression has matched. */
  function reach(state: State, isAtEnd: boolean, isBeforeWord: boolean): Set<number> | undefined {
    const reached = new Set<number>();
    const waiting = [...state.places];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      if (reached.has(place)) continue;
      reached.add(place);
      const step = steps[place];
      if (step === undefined || step.kind === "match") return undefined;
      if (step.kind === "split") waiting.push(...step.next);
      if (step.kind === "assertion") {
        const isBoundary = state.isAfterWord !== isBeforeWord;
        const holds = {
          start: state.isStart,
          end: isAtEnd,
          "word-boundary": isBoundary,
          "no-word-boundary": !isBoundary,
        };
        if (holds[step.assertion]) waiting.push(step.next);
      }
    }
    return reached;
  }

  function advance(state: State, code: number): State | true {
    const isBeforeWord = isWord(code);
    const reached = reach(state, false, isBeforeWord);
    if (reached === undefined) return true;
    // A match may start anywhere, so the first step is always among the places.
    const places = new Set([0]);
    for (const place of reached) {
      const step = steps[place];
      if (step?.kind === "characters" && step.accepts(code)) places.add(step.next);
    }
    return stateOf(
      [...places].sort((a, b) => a - b),
      false,
      isBeforeWord,
    );
  }

  return (text) => {
    let state = start();
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      let next = state.next.get(code);
      if (next === undefined) {
        next = advance(state, code);
        state.next.set(code, next);
      }
      if (next === true) return true;
      state = next;
    }
    state.atEnd ??= reach(state, true, false) === undefined;
    return state.atEnd;
  };
}

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
