import type { LogRecord } from "@mycloud/protocol/log-record";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { LogDetails } from "./LogDetails.tsx";
import { LogLine } from "./LogLine.tsx";
import { placeByKey } from "./list-keys.ts";
import { placeOf } from "./place-of.ts";

interface LogListProps<Shown extends LogRecord> {
  /** In the order in which they are shown. */
  readonly records: readonly Shown[];
  readonly label: string;
  /** Asked for when the end comes near; undefined when there is no more. */
  readonly onEnd?: (() => void) | undefined;
  readonly onTerm: (term: string) => void;
  readonly onContext: (id: string) => void;
  /** Of all, this one is marked. */
  readonly markedId?: string | null;
  /** At most so high; what is beyond is scrolled to. */
  readonly heightPx?: number;
  /** False where all are of one host. */
  readonly hasHost?: boolean;
  /** What else is to be said of a record, in few words. */
  readonly noteOf?: (record: Shown) => string | null;
  /** Told when somebody has gone down the list or opened a record, and when they are back at its beginning. */
  readonly onReading?: ((isReading: boolean) => void) | undefined;
}

/** A line's, as its style has it: no line is ever higher, or a hundred thousand would be measured one by one. */
const rowHeightPx = 24;
const usualHeightPx = 560;
/** So many rows before the end, more are asked for. */
const askAhead = 50;

/**
 * Records, a line each, of however many only those in sight drawn. Up and down (j, k), Page Up and Down, Home and End go through them; Enter opens and
 * closes one, Right opens it, Left and Escape close it. To screen readers it is a tree of rows: what a record opens to has buttons, and is a row below.
 */
export function LogList<Shown extends LogRecord>({
  records,
  label,
  onEnd,
  onTerm,
  onContext,
  markedId = null,
  heightPx = usualHeightPx,
  hasHost = true,
  noteOf,
  onReading,
}: LogListProps<Shown>) {
  const holder = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const [openId, setOpenId] = useState<string | null>(null);
  const [focus, setFocus] = useState<{ readonly id: string | null; readonly at: number }>({ id: null, at: 0 });
  const focused = placeOf(records, focus);
  // Another function at each drawing would have all rows measured again.
  const getItemKey = useCallback((index: number) => records[index]?.id ?? index, [records]);
  const virtual = useVirtualizer({
    count: records.length,
    getScrollElement: () => holder.current,
    estimateSize: () => rowHeightPx,
    getItemKey,
    overscan: 20,
  });
  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd !== undefined && lastShown >= records.length - askAhead) onEnd();
  }, [lastShown, records.length, onEnd]);
  const markedAt = useMemo(
    () => (markedId === null ? -1 : records.findIndex(({ id }) => id === markedId)),
    [records, markedId],
  );
  const { scrollToIndex } = virtual;
  useEffect(() => {
    if (markedAt >= 0) scrollToIndex(markedAt, { align: "center" });
  }, [markedAt, scrollToIndex]);
  const isReading = openId !== null || focused > 0 || (virtual.scrollOffset ?? 0) > 0;
  useEffect(() => {
    onReading?.(isReading);
    return () => onReading?.(false);
  }, [isReading, onReading]);

  function go(at: number) {
    setFocus({ id: records[at]?.id ?? null, at });
    scrollToIndex(at);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && openId !== null) {
      // From within a record, too: what had the focus goes away.
      setOpenId(null);
      grid.current?.focus({ preventScroll: true });
      event.preventDefault();
      return;
    }
    if (event.target !== event.currentTarget) return;
    const to = placeByKey(event.key, { focused, count: records.length, rows: Math.floor(heightPx / rowHeightPx) });
    if (to !== null) go(to);
    else if (event.key === "Enter" || event.key === " ") toggle(records[focused]?.id ?? null);
    else if (event.key === "ArrowRight") setOpenId(records[focused]?.id ?? null);
    else if (event.key === "ArrowLeft") setOpenId(null);
    else return;
    event.preventDefault();
  }

  function toggle(id: string | null) {
    setOpenId((before) => (before === id ? null : id));
  }

  const isFocusShown = rows.some(({ index }) => index === focused);
  return (
    <div ref={holder} className={hasHost ? "log-list" : "log-list no-host"} style={{ maxHeight: heightPx }}>
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA in HTML lets a table be a treegrid, as the W3C's own pattern is one
        role="treegrid"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={isFocusShown ? `log-${records[focused]?.id}` : undefined}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {rows.map(({ key, index, start }) => {
          const record = records[index];
          if (record === undefined) return null;
          const isOpen = record.id === openId;
          return (
            <tbody
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
                place={index + 1}
                of={onEnd === undefined ? records.length : -1}
                hasHost={hasHost}
                note={noteOf?.(record) ?? null}
                onToggle={() => {
                  setFocus({ id: record.id, at: index });
                  toggle(record.id);
                  // Keys then go on from here.
                  grid.current?.focus({ preventScroll: true });
                }}
              />
              {isOpen ? (
                <tr className="log-opened" aria-level={2} aria-posinset={1} aria-setsize={1}>
                  <td colSpan={hasHost ? 5 : 4}>
                    <LogDetails record={record} onTerm={onTerm} onContext={onContext} />
                  </td>
                </tr>
              ) : null}
            </tbody>
          );
        })}
      </table>
    </div>
  );
}
