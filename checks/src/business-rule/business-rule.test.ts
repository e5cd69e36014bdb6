import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { evaluateRule, type RuleState } from "./evaluate.ts";
import { type Leaf, leavesOf } from "./expression.ts";
import { fillTemplate, ruleOutput } from "./format-output.ts";
import { parseRule } from "./parse-rule.ts";

/** Evaluates with `a`, `b`, ... in the states of `states`, and `g:web` standing for all of them. */
function evaluate(text: string, states: string): RuleState | string {
  const parsed = parseRule(text);
  if ("fault" in parsed) return parsed.fault;
  const digits = [...states].map((digit) => Number(digit) as RuleState);
  return evaluateRule(parsed.rule, ({ host }: Leaf) => {
    if (host?.kind === "group") return digits;
    const state = digits[(host?.text.codePointAt(0) ?? 0) - 97];
    return state === undefined ? [] : [state];
  });
}

test("& is the worst, | the best, CRITICAL worse than UNKNOWN", () => {
  for (const [text, states, expected] of [
    ["a & b", "00", 0],
    ["a & b", "01", 1],
    ["a & b", "32", 2],
    ["a & b", "30", 3],
    ["a | b", "02", 0],
    ["a | b", "12", 1],
    ["a | b", "32", 2],
    ["a | b", "33", 3],
    ["a", "2", 2],
    ["(a)", "3", 3],
    ["a & (b | c)", "020", 0],
    ["a & (b | c)", "022", 2],
    ["(a | b) & (c | d)", "0220", 0],
    ["(a | b) & (c | d)", "0222", 2],
  ] as const) {
    assert.equal(evaluate(text, states), expected, `${text} with ${states}`);
  }
});

test("! turns OK and CRITICAL round and leaves WARNING and UNKNOWN", () => {
  for (const [text, states, expected] of [
    ["!a", "0", 2],
    ["!a", "2", 0],
    ["!a", "1", 1],
    ["! a", "3", 3],
    ["a & !b", "02", 0],
    ["!(a & b)", "00", 2],
    ["!(a | b)", "22", 0],
    ["!!a", "0", 2],
    ["!(!a)", "0", 2],
    ["!g:web", "002", 0],
  ] as const) {
    assert.equal(evaluate(text, states), expected, `${text} with ${states}`);
  }
});

test("N of: is OK when so many are, as bad as the worst otherwise", () => {
  for (const [text, states, expected] of [
    ["2 of: a & b & c", "002", 0],
    ["2 of: a | b & c", "012", 2],
    ["2 of: a & b & c", "011", 1],
    ["1 of: a & b & c", "222", 2],
    ["1 of: a & b & c", "122", 1],
    ["3 of: a & b & c", "001", 1],
    ["2 of: g:web", "0022", 0],
    ["3 of: g:web", "0022", 2],
    ["2 of: (a & b & c)", "000", 0],
    ["50% of: g:web", "0022", 0],
    ["75% of: g:web", "0022", 2],
    ["75% of: a & b & c & d", "0002", 0],
    ["-1 of: a & b & c", "002", 0],
    ["-1 of: a & b & c", "022", 2],
    ["-25% of: g:web", "0002", 0],
    ["2 of: a & b & c", "003", 0],
    ["3 of: a & b & c", "003", 3],
    ["a & 1 of: g:web", "02", 0],
    ["!1 of: g:web", "02", 2],
  ] as const) {
    assert.equal(evaluate(text, states), expected, `${text} with ${states}`);
  }
});

test("N,M,P of: says from how many on it is OK, WARNING and CRITICAL", () => {
  for (const [text, states, expected] of [
    ["4,1,1 of: g:web", "00000", 0],
    ["4,1,1 of: g:web", "00001", 1],
    ["4,1,1 of: g:web", "00002", 2],
    ["4,1,2 of: g:web", "00002", 1],
    ["3,1,2 of: g:web", "00022", 2],
    ["5,2,2 of: g:web", "00001", 0],
    ["5,2,2 of: g:web", "00003", 0],
    ["100%,20%,40% of: g:web", "00002", 1],
    ["100%,20%,40% of: g:web", "00022", 2],
    ["4 of: g:web", "00001", 0],
  ] as const) {
    assert.equal(evaluate(text, states), expected, `${text} with ${states}`);
  }
});

test("leaves are hosts, services, the own host, and patterns", () => {
  const parsed = parseRule("h1 & h1,db 1 & ,http & g:web,r:^http & *,l:shop & t:linux & r:^db\\d,* & *");
  assert.ok("rule" in parsed);
  assert.deepEqual(
    leavesOf(parsed.rule).map(({ host, service }) => [host?.kind ?? "own", host?.text, service?.kind, service?.text]),
    [
      ["name", "h1", undefined, undefined],
      ["name", "h1", "name", "db 1"],
      ["own", undefined, "name", "http"],
      ["group", "web", "regex", "^http"],
      ["wildcard", "*", "label", "shop"],
      ["tag", "linux", undefined, undefined],
      ["regex", "^db\\d", "wildcard", "*"],
      ["wildcard", "*", undefined, undefined],
    ],
  );
});

test("what is no rule is refused with what is wrong", () => {
  for (const [text, fault] of [
    ["", "has nothing"],
    ["a &", "has nothing"],
    ["& a", "has nothing"],
    ["a & b | c", "put parentheses"],
    ["(a & b", 'lacks a ")"'],
    ["a) & b", 'has a ")" too many'],
    ["x(a)", 'has something before a "("'],
    ["(a)b", 'has something after the ")"'],
    ["a!b", "has a ! inside a name"],
    ["h1,", "has no service after the comma"],
    ["2 of:", "has nothing"],
    ["!", "has nothing"],
    [`${"(".repeat(60)}a${")".repeat(60)}`, "more than 50 parentheses"],
  ] as const) {
    const parsed = parseRule(text);
    assert.ok("fault" in parsed && parsed.fault.includes(fault), `${text}: ${JSON.stringify(parsed)}`);
  }
});

test("any text is parsed or refused, and any rule has a state", () => {
  const piece = fc.constantFrom(
    "a",
    "b",
    "g:web",
    "r:(",
    ",",
    "!",
    "&",
    "|",
    "(",
    ")",
    "2 of: ",
    "50%,1,1 of:",
    " ",
    "*",
    "l:x",
    "-1",
  );
  const state = fc.constantFrom<RuleState>(0, 1, 2, 3);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.array(piece, { maxLength: 30 }).map((all) => all.join("")),
      ),
      fc.array(state),
      (text, states) => {
        const parsed = parseRule(text);
        if ("rule" in parsed) assert.ok([0, 1, 2, 3].includes(evaluateRule(parsed.rule, () => states)));
      },
    ),
    { numRuns: 2000 },
  );
});

test("a rule in parentheses is the same rule", () => {
  const atom = fc.constantFrom("a", "b", "c", "!a", "g:web", "(a | b)", "2 of: g:web");
  const states = fc
    .array(fc.constantFrom("0", "1", "2", "3"), { minLength: 3, maxLength: 3 })
    .map((all) => all.join(""));
  fc.assert(
    fc.property(
      fc.array(atom, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(" & ", "|"),
      states,
      (atoms, operator, digits) => {
        const text = atoms.join(operator);
        assert.equal(
          evaluate(`(${text})`, digits),
          evaluate(text.startsWith("2 of") && atoms.length > 1 ? `(${text})` : text, digits),
        );
      },
    ),
  );
});

const element = (host: string, service: string | null, state: RuleState, shown: string) => ({
  host,
  service,
  state,
  shown,
  output: `${shown} now`,
});

test("the output names what is bad", () => {
  const elements = [
    element("web1", "http", 2, "CRITICAL"),
    element("web2", null, 2, "DOWN"),
    element("web3", "http", 0, "OK"),
  ];
  assert.equal(ruleOutput(2, elements), "CRITICAL - 2 of 3 are bad: web1/http CRITICAL, web2 DOWN");
  assert.equal(ruleOutput(0, elements.slice(2)), "OK - all 1 are fine");
});

test("a template is filled in as Shinken does", () => {
  const own = { host: "bp", service: "shop", state: 2 as const };
  const template = "$STATUS$ $HOSTNAME$ [ $($STATUS$: $FULLNAME$ ($SERVICEOUTPUT$) )$]";
  const elements = [element("web1", "http", 2, "CRITICAL"), element("web3", "http", 0, "OK")];
  assert.equal(fillTemplate(template, own, elements), "CRITICAL bp [ CRITICAL: web1/http (CRITICAL now) ]");
  assert.equal(fillTemplate(template, { ...own, state: 0 }, []), "OK bp [ all checks were successful.]");
  assert.equal(fillTemplate("$STATUS$ $UNKNOWNMACRO$", own, []), "CRITICAL $UNKNOWNMACRO$");
});
