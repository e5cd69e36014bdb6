// NRPE's packets: what `check_nrpe` and an nrpe daemon say to each other, in protocol versions 2, 3 and 4. Pure: bytes in, packets out. Facts were
// checked against Debian's nrpe and check_nrpe 4.1.0. All numbers are big-endian; the CRC-32 is that of the whole packet with its own field zero.
export * from "./command-line.ts";
export * from "./packet.ts";
export * from "./text.ts";
export * from "./tls.ts";
