import type { OctetReader } from "../octet-reader.ts";
import { RecordDataError } from "../record-data-error.ts";
import type { TokenSource } from "../token-source.ts";
import type { Field } from "./field.ts";

/** Latitude and longitude are thousandths of a second of arc from here, north and east above it (RFC 1876 §2). */
const equator = 2 ** 31;
/** Centimetres below the reference spheroid at which altitudes begin. */
const altitudeBase = 10_000_000;
const maximumAltitude = 2 ** 32 - 1 - altitudeBase;
const maximumSize = 9_000_000_000;

/** An angle: degrees, minutes and seconds where they are told, and the letter of its half of the globe. */
interface Angle {
  readonly label: string;
  readonly positive: string;
  readonly negative: string;
  readonly maximumDegrees: number;
  readonly expected: string;
}
const latitude: Angle = {
  label: "latitude",
  positive: "N",
  negative: "S",
  maximumDegrees: 90,
  expected: "degrees, minutes and seconds up to 90 degrees, and N or S, such as 52 22 23.000 N",
};
const longitude: Angle = {
  label: "longitude",
  positive: "E",
  negative: "W",
  maximumDegrees: 180,
  expected: "degrees, minutes and seconds up to 180 degrees, and E or W, such as 4 53 32.000 E",
};

/** A place on earth as LOC has it (RFC 1876 §2 and §3); sizes and precisions that are left out are 1 m, 10000 m and 10 m. */
export const location: Field = {
  label: "location",
  parse(tokens, out) {
    const north = parseAngle(tokens, latitude);
    const east = parseAngle(tokens, longitude);
    const altitude = parseMetres(tokens, "altitude", -altitudeBase, maximumAltitude);
    out.u8(0);
    for (const [label, usual] of [
      ["size", 100],
      ["horizontal precision", 1_000_000],
      ["vertical precision", 1000],
    ] as const) {
      out.u8(encodeSize(tokens.isAtEnd ? usual : parseMetres(tokens, label, 0, maximumSize)));
    }
    out.u32(north);
    out.u32(east);
    out.u32(altitude + altitudeBase);
  },
  format(octets) {
    const { sizes, north, east, altitude } = read(octets);
    return [
      formatAngle(north, latitude),
      formatAngle(east, longitude),
      metres(altitude),
      ...sizes.map(formatSize),
    ].join(" ");
  },
  // Another version is octets to us (RFC 1876 §2 leaves its form open).
  skip(octets) {
    octets.rest();
  },
};

function read(octets: OctetReader) {
  const version = octets.u8();
  if (version !== 0) throw new RecordDataError(`LOC: version is ${version}; expected 0`);
  const sizes = [octets.u8(), octets.u8(), octets.u8()];
  for (const size of sizes) {
    if (size >> 4 > 9 || (size & 15) > 9) throw new RecordDataError("LOC: a size has digits above 9");
  }
  const [north, east] = [octets.u32() - equator, octets.u32() - equator];
  for (const [value, { label, maximumDegrees }] of [
    [north, latitude],
    [east, longitude],
  ] as const) {
    if (Math.abs(value) > maximumDegrees * 3_600_000) {
      throw new RecordDataError(`LOC: ${label} is more than ${maximumDegrees} degrees`);
    }
  }
  return { sizes, north, east, altitude: octets.u32() - altitudeBase };
}

function parseAngle(tokens: TokenSource, { label, positive, negative, maximumDegrees, expected }: Angle): number {
  const words: string[] = [];
  for (;;) {
    const { text } = tokens.next(label, expected);
    words.push(text);
    const letter = text.toUpperCase();
    if (letter === positive || letter === negative) {
      const [degrees = "", minutes = "0", seconds = "0", ...more] = words.slice(0, -1);
      const milliseconds = Math.round(Number(seconds) * 1000);
      const isWritten =
        /^\d{1,3}$/.test(degrees) && /^\d{1,2}$/.test(minutes) && /^\d{1,2}(?:\.\d{1,3})?$/.test(seconds);
      const value = (Number(degrees) * 60 + Number(minutes)) * 60_000 + milliseconds;
      const isInside = Number(minutes) < 60 && milliseconds < 60_000 && value <= maximumDegrees * 3_600_000;
      if (!isWritten || !isInside || more.length > 0) throw tokens.refuse(label, words.join(" "), expected);
      return equator + (letter === positive ? value : -value);
    }
    if (words.length > 3) throw tokens.refuse(label, words.join(" "), expected);
  }
}

function formatAngle(value: number, { positive, negative }: Angle): string {
  const all = Math.abs(value);
  const minutes = Math.floor(all / 60_000);
  return `${Math.floor(minutes / 60)} ${minutes % 60} ${((all % 60_000) / 1000).toFixed(3)} ${value < 0 ? negative : positive}`;
}

/** Metres with up to two decimals, as centimetres. */
function parseMetres(tokens: TokenSource, label: string, minimum: number, maximum: number): number {
  const expected = `metres from ${minimum / 100} to ${maximum / 100}, such as 10m or -2.50m`;
  const { text } = tokens.next(label, expected);
  const [, sign, whole, cents = ""] = /^(-?)(\d{1,10})(?:\.(\d{1,2}))?m?$/i.exec(text) ?? [];
  const centimetres = Number(whole) * 100 + Number(cents.padEnd(2, "0"));
  const value = sign === "-" ? 0 - centimetres : centimetres;
  if (whole === undefined || value < minimum || value > maximum) throw tokens.refuse(label, text, expected);
  return value;
}

function metres(centimetres: number): string {
  return `${(centimetres / 100).toFixed(2)}m`;
}

/** Centimetres as one digit and a power of ten, a half octet each; digits after the first are dropped, as peers do. */
function encodeSize(centimetres: number): number {
  const exponent = Math.max(0, String(centimetres).length - 1);
  return (Math.floor(centimetres / 10 ** exponent) << 4) | exponent;
}

function formatSize(size: number): string {
  const centimetres = (size >> 4) * 10 ** (size & 15);
  return centimetres % 100 === 0 && centimetres > 0 ? `${centimetres / 100}m` : metres(centimetres);
}
