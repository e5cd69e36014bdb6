import Button from "@mui/material/Button";
import { weekdays } from "@mycloud/protocol/time-period";
import { useFormContext } from "react-hook-form";
import { TimesInput } from "./TimesInput.tsx";

const office = ["09:00-17:00"];
const allDay = ["00:00-24:00"];

/** The times of each day of the week. */
export function WeeklyInput() {
  const { setValue } = useFormContext();
  const set = (times: (index: number) => string[]) => {
    const weekly = Object.fromEntries(weekdays.map((weekday, index) => [weekday, times(index)]));
    setValue("weekly", weekly, { shouldDirty: true });
  };
  return (
    <>
      <div className="row" style={{ marginBottom: 6 }}>
        <Button variant="outlined" onClick={() => set(() => allDay)}>
          Always
        </Button>
        <Button variant="outlined" onClick={() => set((index) => (index < 5 ? office : []))}>
          Monday to Friday, 9 to 17
        </Button>
        <Button
          variant="outlined"
          onClick={() => set((index) => (index < 5 ? ["00:00-09:00", "17:00-24:00"] : allDay))}
        >
          Out of office
        </Button>
        <Button variant="outlined" onClick={() => set(() => [])}>
          Clear
        </Button>
      </div>
      <div className="form-grid">
        {weekdays.map((weekday) => (
          <TimesInput
            key={weekday}
            source={`weekly.${weekday}`}
            label={weekday.charAt(0).toUpperCase() + weekday.slice(1)}
            placeholder="not at all"
          />
        ))}
      </div>
      <p className="hint">
        <code>09:00-12:00, 13:00-17:00</code>; up to <code>24:00</code>, and an end before the start reaches into the
        next day: <code>22:00-06:00</code>.
      </p>
    </>
  );
}
