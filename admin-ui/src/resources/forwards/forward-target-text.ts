import type { ForwardTarget } from "@mycloud/protocol/forward";

/** Where a forward sends to, in one line and without any secret. Pure. */
export function forwardTargetText(target: ForwardTarget): string {
  switch (target.type) {
    case "ws-arbiter":
      return `ws-arbiter ${target.url.replace(/^(https?:\/\/)[^/?#]*@/i, "$1")}`;
    case "nsca":
      return `nsca ${target.host}:${target.port}, method ${target.method}`;
    case "command-pipe":
      return `pipe ${target.path}`;
  }
}
