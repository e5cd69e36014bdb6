import type { Exclusions, RuleSurvey, Survey } from "@mycloud/backup/archiver";
import { displayText } from "@mycloud/backup/byte-string";
import type { ExcludesContent, ExcludesPreview, ExcludesRuleKind } from "@mycloud/protocol/backup-policy";

const longestPath = 1024;
/** Of all rules: a thousand rules have a few examples each. */
const mostExamples = 2000;

const kinds = {
  patterns: "exclude",
  caseInsensitivePatterns: "excludeIgnoringCase",
  ifPresent: "excludeIfPresent",
  caches: "excludeCaches",
  largerThanBytes: "excludeLargerThanBytes",
  otherFileSystems: "oneFileSystem",
} as const satisfies Record<keyof Exclusions, ExcludesRuleKind>;

/** What a survey found, as it is told: in the words of the policy, and bounded. Pure. */
export function previewOf(content: ExcludesContent, survey: Survey, durationMs: number): ExcludesPreview {
  const perRule = Math.max(1, Math.floor(mostExamples / Math.max(1, survey.rules.length)));
  return {
    kept: survey.kept,
    rules: survey.rules.map((rule) => {
      const { files, folders, others, bytes, isTakingBack, isWhole } = rule;
      return {
        kind: kinds[rule.option],
        text: textOf(content, rule),
        isTakingBack,
        ...{ files, folders, others, bytes },
        isWhole,
        examples: rule.examples
          .slice(0, perRule)
          .map((example) => ({ ...example, path: cut(displayText(example.path), longestPath) })),
      };
    }),
    unread: {
      count: survey.unread.count,
      named: survey.unread.named.map(({ item, message }) => ({
        path: cut(item, longestPath),
        message: cut(message, 1000),
      })),
    },
    uncountedMounts: survey.uncountedMounts,
    isWhole: survey.isWhole,
    durationMs,
  };
}

function textOf(content: ExcludesContent, { option, position }: RuleSurvey): string {
  const kind = kinds[option];
  const value = content[kind];
  return Array.isArray(value) ? (value[position] ?? "") : String(value);
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
