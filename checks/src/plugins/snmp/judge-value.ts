import { rounded } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import { judge, perfdataThresholds, type Thresholds } from "../../plugin/thresholds.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import type { ReturnCode } from "../../plugin-api/return-code.ts";
import { numberOf, type SnmpValue, textOf } from "../../snmp/snmp-value.ts";

/** What is expected of one value, and how it is shown. */
export interface Expectation {
  readonly oid: string;
  /** Empty: the value stands alone. */
  readonly label: string;
  readonly perfdataLabel: string;
  readonly unit: string;
  readonly thresholds: Thresholds;
  /** Undefined where no text is expected. */
  readonly text: TextExpectation | undefined;
  readonly multiplier: number;
  readonly offset: number;
  readonly decimals: number | undefined;
}

interface TextExpectation {
  readonly isMet: (text: string) => boolean;
  /** A match is CRITICAL instead of OK. */
  readonly isInverted: boolean;
}

export interface JudgedValue {
  readonly returnCode: ReturnCode;
  readonly text: string;
  readonly perfdata: readonly Perfdatum[];
}

/** Holds a value against what is expected, as check_snmp does. `perSecond` takes the value's place where a rate was asked for. Pure. */
export function judgeValue(
  value: SnmpValue,
  expected: Expectation,
  nullState: ReturnCode,
  perSecond?: number,
): JudgedValue {
  const { thresholds, text } = expected;
  const isJudged = thresholds.warning !== undefined || thresholds.critical !== undefined;
  if (value.kind === "absent" || textOf(value) === "") {
    const missing = expected.label === "" ? `${value.value} at ${expected.oid}` : `${value.value}`;
    const words = value.kind === "absent" ? missing : "an empty value";
    return { returnCode: nullState, text: shownAs(words, nullState, expected), perfdata: [] };
  }
  const measured = perSecond ?? (value.kind === "octets" && !isJudged ? undefined : numberOf(value));
  if (measured === undefined || text !== undefined) {
    if (text === undefined && isJudged) {
      return { returnCode: 3, text: shownAs(`"${textOf(value)}" is no number`, 3, expected), perfdata: [] };
    }
    const returnCode = judgeText(value, text);
    return { returnCode, text: shownAs(textOf(value) ?? "", returnCode, expected), perfdata: [] };
  }
  const scaled = measured * expected.multiplier + expected.offset;
  const number = rounded(scaled, expected.decimals ?? 6);
  const returnCode = judge(number, thresholds);
  const isCounter = perSecond === undefined && /^counter/.test(value.kind);
  const words = expected.decimals === undefined ? String(number) : number.toFixed(expected.decimals);
  return {
    returnCode,
    text: shownAs(words, returnCode, expected),
    perfdata: [
      {
        label: expected.perfdataLabel,
        value: number,
        unit: isCounter && expected.multiplier === 1 && expected.offset === 0 ? "c" : "",
        ...perfdataThresholds(thresholds),
      },
    ],
  };
}

function shownAs(words: string, code: ReturnCode, { label, unit }: Expectation): string {
  return [label, code === 0 ? words : `*${words}*`, unit].filter((part) => part !== "").join(" ");
}

function judgeText(value: SnmpValue, expected: TextExpectation | undefined): ReturnCode {
  if (expected === undefined) return 0;
  const words = textOf(value) ?? "";
  // Net-SNMP prints text in quotes, and check_snmp compares what is printed: expressions for either way hold.
  const isMet = expected.isMet(words) || (value.kind === "octets" && expected.isMet(`"${words}"`));
  return isMet === expected.isInverted ? 2 : 0;
}

/** What -s, -r or -R expect; undefined when none is given. Throws UsageError. */
export function readTextExpectation(options: OptionValues): TextExpectation | undefined {
  const isInverted = options.isGiven("invert-search");
  const exact = options.text("string");
  const pattern = options.text("ereg");
  const loosePattern = options.text("eregi");
  if ([exact, pattern, loosePattern].filter((one) => one !== undefined).length > 1) {
    throw new UsageError("-s, -r and -R exclude each other");
  }
  if (exact !== undefined) return { isInverted, isMet: (text) => text === exact };
  const [name, source, flags] = pattern === undefined ? ["eregi", loosePattern, "i"] : ["ereg", pattern, ""];
  if (source === undefined) return undefined;
  const expression = options.pattern(name ?? "ereg", source, flags);
  return { isInverted, isMet: (text) => expression.test(text) };
}
