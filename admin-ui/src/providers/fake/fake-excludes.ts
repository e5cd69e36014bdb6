import type { ExcludesContent, ExcludesPreview, ExcludesRule, ExcludesRuleKind } from "@mycloud/protocol/backup-policy";

/** Leaves something out by every rule but each third. */
export function fakeExcludes(content: ExcludesContent): ExcludesPreview {
  const listed = (["exclude", "excludeIgnoringCase", "excludeIfPresent"] as const).flatMap((kind) =>
    content[kind].map((text) => [kind, text] as const),
  );
  const single: (readonly [ExcludesRuleKind, string])[] = [
    ...(content.excludeCaches ? [["excludeCaches", "true"] as const] : []),
    ...(content.excludeLargerThanBytes === null
      ? []
      : [["excludeLargerThanBytes", String(content.excludeLargerThanBytes)] as const]),
    ...(content.oneFileSystem ? [["oneFileSystem", "true"] as const] : []),
  ];
  return {
    kept: { files: 48_211, folders: 3_120, others: 88, bytes: 5.2e9 },
    rules: [...listed, ...single].map(([kind, text], at) => fakeRule(kind, text, at)),
    unread: { count: 1, named: [{ path: "/etc/shadow-", message: "EACCES: permission denied" }] },
    uncountedMounts: 0,
    isWhole: true,
    durationMs: 2_140,
  };
}

function fakeRule(kind: ExcludesRuleKind, text: string, at: number): ExcludesRule {
  const isTakingBack = text.startsWith("!");
  const files = isTakingBack ? 1 : at % 3 === 0 ? 0 : 1204 * at;
  const bytes = files * 81_000;
  return {
    kind,
    text,
    isTakingBack,
    files,
    folders: at,
    others: 0,
    bytes,
    isWhole: true,
    examples: files === 0 ? [] : [{ path: `/srv/www/shop${at}/cache`, isFolder: !isTakingBack, files, bytes }],
  };
}
