import PreviousIcon from "@mui/icons-material/ChevronLeft";
import NextIcon from "@mui/icons-material/ChevronRight";
import HoldIcon from "@mui/icons-material/LockOutlined";
import IconButton from "@mui/material/IconButton";
import type { MachineSnapshot } from "@mycloud/protocol/machine";
import { Panel } from "../record/Panel.tsx";
import { useNow } from "../time/NowContext.tsx";
import { changedFiles, dayStart, type HeatDay, heatStrip } from "./heat-strip.ts";

interface SnapshotPickerProps {
  readonly snapshots: readonly MachineSnapshot[];
  readonly chosen: MachineSnapshot;
  readonly onChoose: (snapshot: MachineSnapshot) => void;
}

const mostWeeks = 53;
const leastWeeks = 16;
const weekMs = 7 * 86_400_000;
const dayFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
});
const timeFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** A day's date for people. */
export function dayText(atMs: number): string {
  return dayFormat.format(atMs);
}

/** When a snapshot was taken, in the reader's zone. */
export function momentText(atMs: number): string {
  return `${dayFormat.format(atMs)}, ${timeFormat.format(atMs)}`;
}

/** Up to a year of days; the darker, the more changed. A day's snapshots stand below it. */
export function SnapshotPicker({ snapshots, chosen, onChoose }: SnapshotPickerProps) {
  const nowMs = useNow();
  const weekday = (new Date(nowMs).getDay() + 6) % 7;
  const oldest = snapshots[0];
  const ageWeeks = oldest === undefined ? 0 : Math.ceil((nowMs - oldest.takenAtMs) / weekMs) + 1;
  const weeks = Math.min(mostWeeks, Math.max(leastWeeks, ageWeeks));
  const strip = heatStrip(snapshots, (weeks - 1) * 7 + weekday + 1, nowMs);
  const ofDay = snapshots.filter(({ takenAtMs }) => dayStart(takenAtMs) === dayStart(chosen.takenAtMs));
  const at = snapshots.indexOf(chosen);
  const [before, after] = [snapshots[at - 1], snapshots[at + 1]];
  return (
    <Panel
      title="Snapshots"
      end={
        <>
          <span className="quiet">
            {snapshots.length.toLocaleString("en")}
            {oldest ? `, since ${dayText(oldest.takenAtMs)}` : ""}
          </span>
          <IconButton
            size="small"
            aria-label="Snapshot before"
            disabled={!before}
            onClick={() => before && onChoose(before)}
          >
            <PreviousIcon />
          </IconButton>
          <IconButton
            size="small"
            aria-label="Snapshot after"
            disabled={!after}
            onClick={() => after && onChoose(after)}
          >
            <NextIcon />
          </IconButton>
        </>
      }
    >
      <div className="heat-scroll">
        <fieldset className="heat plain" aria-label="Days with snapshots">
          {strip.map((day) => (
            <Day
              key={day.startMs}
              day={day}
              isChosen={day.startMs === dayStart(chosen.takenAtMs)}
              onChoose={onChoose}
            />
          ))}
        </fieldset>
      </div>
      <fieldset className="views snapshot-times">
        <legend className="visually-hidden">Snapshots of {dayText(chosen.takenAtMs)}</legend>
        <b>{dayText(chosen.takenAtMs)}</b>
        {ofDay.map((snapshot) => (
          <button
            key={snapshot.id}
            type="button"
            className="view"
            aria-pressed={snapshot.id === chosen.id}
            title={`${changedFiles(snapshot).toLocaleString("en")} files changed`}
            onClick={() => onChoose(snapshot)}
          >
            {timeFormat.format(snapshot.takenAtMs)}
            {snapshot.hold === null ? null : <HoldIcon className="small-icon" titleAccess="kept" />}
          </button>
        ))}
      </fieldset>
    </Panel>
  );
}

interface DayProps {
  readonly day: HeatDay;
  readonly isChosen: boolean;
  readonly onChoose: (snapshot: MachineSnapshot) => void;
}

function Day({ day: { startMs, snapshots, level }, isChosen, onChoose }: DayProps) {
  const newest = snapshots.at(-1);
  if (newest === undefined) return <span className="heat-day" title={`${dayText(startMs)}: none`} />;
  const changed = snapshots.reduce((sum, each) => sum + changedFiles(each), 0);
  const count = `${snapshots.length} snapshot${snapshots.length === 1 ? "" : "s"}`;
  const text = `${dayText(startMs)}: ${count}, ${changed.toLocaleString("en")} files changed`;
  return (
    <button
      type="button"
      className={`heat-day heat-${level}`}
      aria-pressed={isChosen}
      aria-label={text}
      title={text}
      onClick={() => onChoose(newest)}
    />
  );
}
