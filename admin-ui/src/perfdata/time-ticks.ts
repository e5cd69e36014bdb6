const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const pad = (value: number) => String(value).padStart(2, "0");

/** Writes the ticks of a time axis in the reader's zone: times of day, and the date where a day begins or steps are days. Seconds in. */
export function timeTicks(ticks: readonly number[], stepSeconds: number): string[] {
  return ticks.map((tick) => {
    const date = new Date(tick * 1000);
    const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
    if (stepSeconds >= 28 * 86_400) return `${months[date.getMonth()]} ${date.getFullYear()}`;
    if (stepSeconds >= 86_400 || isMidnight) return `${date.getDate()} ${months[date.getMonth()]}`;
    return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  });
}
