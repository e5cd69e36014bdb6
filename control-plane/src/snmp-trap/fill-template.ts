import { type BoundObject, textOfValue } from "../snmp-message/index.ts";
import type { TrapNotification } from "./notification.ts";

/** Replaces `$1`, `$(OID)`, `$(trapOid)`, `$(host)` and `$$`; what is not there is empty. Control characters become spaces. Pure. */
export function fillTemplate(template: string, { trapOid, varbinds }: TrapNotification, hostName: string): string {
  const fill = (word: string): string => {
    if (word === "$") return "$";
    if (/^\d/.test(word)) return textOf(varbinds[Number(word) - 1]);
    const name = word.slice(1, -1);
    if (name === "trapOid") return trapOid;
    return name === "host" ? hostName : textOf(findVarbind(varbinds, name));
  };
  return template
    .replace(/\$(\$|\d{1,2}|\([\w.]{1,512}\))/g, (_, word: string) => fill(word))
    .replace(/\p{Cc}+/gu, " ")
    .trim();
}

/** The object itself, or its first instance. Pure. */
export function findVarbind(varbinds: readonly BoundObject[], object: string): BoundObject | undefined {
  return varbinds.find(({ oid }) => oid === object || oid.startsWith(`${object}.`));
}

function textOf(varbind: BoundObject | undefined): string {
  return varbind === undefined ? "" : textOfValue(varbind.bound);
}
