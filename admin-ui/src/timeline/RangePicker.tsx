interface RangePickerProps<Range extends { readonly text: string }> {
  readonly label: string;
  readonly ranges: readonly Range[];
  readonly range: Range;
  readonly onChange: (range: Range) => void;
}

/** A row of lengths of time to choose from. */
export function RangePicker<Range extends { readonly text: string }>({
  label,
  ranges,
  range,
  onChange,
}: RangePickerProps<Range>) {
  return (
    <fieldset className="views plain" aria-label={label}>
      {ranges.map((each) => (
        <button
          key={each.text}
          type="button"
          className="view"
          aria-pressed={each.text === range.text}
          onClick={() => onChange(each)}
        >
          {each.text}
        </button>
      ))}
    </fieldset>
  );
}
