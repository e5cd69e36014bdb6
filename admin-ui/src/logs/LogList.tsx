import type { LogRecord } from "@mycloud/protocol/log-record";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { LogDetails } from "./LogDetails.tsx";
import { LogLine } from "./LogLine.tsx";

interface LogListProps {
  /** In the order in which they are shown. */
  readonly records: readonly LogRecord[];
  readonly label: string;
  /** Asked for when the end comes near; undefined when there is no more. */
  readonly onEnd?: (() => void) | undefined;
  readonly onTerm: (term: string) => void;
  readonly onContext: (id: string) => void;
  /** Of all, this one is marked. */
  readonly markedId?: string | null;
}

const rowHeightPx = 24;
const heightPx = 560;
/** So many rows before the end, more are asked for. */
const askAhead = 50;

/**
 * Records, a line each, of however many only those in sight drawn. Up and down (j, k), Page Up and Down, Home and End go through them; Enter opens and
 * closes one.
 */
export function LogList({ records, label, onEnd, onTerm, onContext, markedId = null }: LogListProps) {
  const holder = useRef<HTMLDivElement>(null);
  const [openId, setOpenId] = useState<string | null>(null);
  const [focused, setFocused] = useState(0);
  const virtual = useVirtualizer({
    count: records.length,
    getScrollElement: () => holder.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => records[index]?.id ?? index,
    overscan: 20,
  });
  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd !== undefined && lastShown >= records.length - askAhead) onEnd();
  }, [lastShown, records.length, onEnd]);
  const markedAt = markedId === null ? -1 : records.findIndex(({ id }) => id === markedId);
  const { scrollToIndex } = virtual;
  useEffect(() => {
    if (markedAt >= 0) scrollToIndex(markedAt, { align: "center" });
  }, [markedAt, scrollToIndex]);

  function go(to: number) {
    const at = Math.min(Math.max(to, 0), records.length - 1);
    setFocused(at);
    scrollToIndex(at);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const page = Math.floor(heightPx / rowHeightPx) - 1;
    if (event.key === "ArrowDown" || event.key === "j") go(focused + 1);
    else if (event.key === "ArrowUp" || event.key === "k") go(focused - 1);
    else if (event.key === "PageDown") go(focused + page);
    else if (event.key === "PageUp") go(focused - page);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(records.length - 1);
    else if (event.key === "Enter" || event.key === " ") toggle(records[focused]?.id ?? null);
    else return;
    event.preventDefault();
  }

  function toggle(id: string | null) {
    setOpenId((before) => (before === id ? null : id));
  }

  return (
    <div
      ref={holder}
      className="log-list"
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={records[focused] === undefined ? undefined : `log-${records[focused].id}`}
      style={{ maxHeight: heightPx }}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {rows.map(({ key, index, start }) => {
          const record = records[index];
          if (record === undefined) return null;
          const isOpen = record.id === openId;
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className="log-row"
              style={{ transform: `translateY(${start}px)` }}
            >
              <LogLine
                record={record}
                isOpen={isOpen}
                isFocused={index === focused}
                isMarked={record.id === markedId}
                onToggle={() => {
                  setFocused(index);
                  toggle(record.id);
                }}
              />
              {isOpen ? <LogDetails record={record} onTerm={onTerm} onContext={onContext} /> : null}
            </div>
          );
        })}
      </div>
    </div>
  );
}
