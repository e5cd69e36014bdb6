import type { ConsoleEvent } from "@mycloud/protocol/event";
import type { Logger } from "pino";
import type { ChangeBus } from "./change-bus.ts";

type Type = ConsoleEvent["type"];

/** The bus of this process. A listener that throws is logged and keeps nobody else from hearing. */
export function createChangeBus(logger: Logger): ChangeBus {
  const listeners = new Set<(type: Type, ids: readonly number[] | null) => void>();
  return {
    publish(type, ids) {
      for (const listener of listeners) {
        try {
          listener(type, ids);
        } catch (err) {
          logger.error({ err, type }, "change listener failed");
        }
      }
    },
    subscribe(listener) {
      // Wrapped, so that the same function subscribed twice is two subscriptions.
      const own = (type: Type, ids: readonly number[] | null) => listener(type, ids);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
  };
}
