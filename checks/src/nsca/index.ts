// NSCA's packets, as send_nsca and the nsca daemon 2.10 have them: the daemon speaks first (an IV and its clock), then the sender sends any number of
// encrypted results. Pure: bytes in, results out. Facts were checked against Debian's nsca and send_nsca 2.10.2. Methods: 0 none, 1 XOR, 3 3DES,
// 14 AES with a 256-bit key, 16 Rijndael with a 256-bit key and a 256-bit block, which is not AES.
export * from "./cipher.ts";
export * from "./greeting.ts";
export * from "./packet.ts";
export * from "./packet-reader.ts";
