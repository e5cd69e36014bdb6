import { type Assertion, type CharacterSet, RegexError, type RegexNode } from "./syntax.ts";

/** A step of a nondeterministic automaton; numbers are places in the program. */
export type Step =
  | { readonly kind: "characters"; readonly accepts: (code: number) => boolean; readonly next: number }
  | { readonly kind: "assertion"; readonly assertion: Assertion; readonly next: number }
  | { readonly kind: "split"; readonly next: readonly number[] }
  | { readonly kind: "match" };

/** More steps than anybody's expression needs; each character of a text costs at most this many of them. */
const maximumSteps = 1000;

/** The automaton of an expression. Step 0 is where it starts. Throws RegexError when it is too large. */
export function compileProgram(node: RegexNode, ignoresCase: boolean): readonly Step[] {
  const steps: Step[] = [];
  // Built from the end backwards: a step then knows where it leads. It is turned round at the end.
  function add(step: Step): number {
    if (steps.length >= maximumSteps) throw new RegexError(`needs more than ${maximumSteps} steps`);
    return steps.push(step) - 1;
  }

  function emit(part: RegexNode, next: number): number {
    switch (part.kind) {
      case "characters":
        return add({ kind: "characters", accepts: acceptor(part.set, ignoresCase), next });
      case "assertion":
        return add({ kind: "assertion", assertion: part.assertion, next });
      case "sequence":
        return part.of.reduceRight((following, one) => emit(one, following), next);
      case "choice":
        return add({ kind: "split", next: part.of.map((one) => emit(one, next)) });
      case "repeat":
        return repeat(part.of, part.minimum, part.maximum, next);
    }
  }

  function repeat(part: RegexNode, minimum: number, maximum: number, next: number): number {
    let following = next;
    if (maximum === Number.POSITIVE_INFINITY) {
      const loop = { kind: "split" as const, next: [next] };
      following = add(loop);
      loop.next.push(emit(part, following));
    } else {
      for (let count = minimum; count < maximum; count++) {
        following = add({ kind: "split", next: [emit(part, following), next] });
      }
    }
    for (let count = 0; count < minimum; count++) following = emit(part, following);
    return following;
  }

  const start = emit(node, add({ kind: "match" }));
  // Step 0 is "match"; callers are told where to start by a first step that leads there.
  return [{ kind: "split", next: [start + 1] }, ...steps.map(moved)];
}

function moved(step: Step): Step {
  if (step.kind === "split") return { ...step, next: step.next.map((place) => place + 1) };
  return step.kind === "match" ? step : { ...step, next: step.next + 1 };
}

function acceptor({ ranges, isNegated }: CharacterSet, ignoresCase: boolean): (code: number) => boolean {
  const isIn = (code: number) => ranges.some(([low, high]) => low <= code && code <= high);
  const accepts = ignoresCase
    ? (code: number) => {
        const character = String.fromCharCode(code);
        const [small, capital] = [character.toLowerCase(), character.toUpperCase()];
        return isIn(code) || (small.length === 1 && isIn(small.charCodeAt(0))) || isIn(capital.charCodeAt(0));
      }
    : isIn;
  const table = Uint8Array.from({ length: 128 }, (_, code) => (accepts(code) !== isNegated ? 1 : 0));
  return (code) => (code < 128 ? table[code] === 1 : accepts(code) !== isNegated);
}
