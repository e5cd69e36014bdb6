import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** For tests: anything with the server's listen and close. */
export interface Listening {
  readonly port: number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** For tests: listens on a free loopback port until disposed, connections included. */
export function listening(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        [Symbol.asyncDispose]: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

/** For tests: says `greeting` on connect and answers each line with what `answer` makes of it. */
export function speaking(
  greeting: string,
  answer: (line: string, socket: Socket) => string = () => "",
): Promise<Listening> {
  return listening(
    createServer((socket) => {
      if (greeting !== "") socket.write(greeting);
      socket.on("data", (data) => {
        for (const line of data.toString("latin1").split(/\r?\n/)) if (line !== "") socket.write(answer(line, socket));
      });
    }),
  );
}

/** For tests: a port on which nothing listens any more. */
export async function closedPort(): Promise<number> {
  await using server = await speaking("");
  return server.port;
}

/** For tests: a certificate in PEM, its key, and the file of the authority that signed it. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly caFile: string;
}

/** For tests: makes certificates with openssl in a folder that is removed when disposed. */
export class TestAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), "mycloud-ca-"));
  #count = 0;

  constructor() {
    this.#openssl(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 3650 -subj /CN=TestAuthority",
    );
  }

  /** `names` as openssl writes them: `DNS:www.example.org,IP:127.0.0.1`. */
  issue(commonName: string, names: string, days: number): TestCertificate {
    this.#count += 1;
    const base = `cert${this.#count}`;
    writeFileSync(join(this.folder, `${base}.ext`), `subjectAltName=${names}\n`);
    this.#openssl(
      `req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${base}.key -out ${base}.csr -subj /CN=${commonName}`,
    );
    this.#openssl(
      `x509 -req -in ${base}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days ${days} -extfile ${base}.ext -out ${base}.pem`,
    );
    return {
      cert: readFileSync(join(this.folder, `${base}.pem`), "utf8"),
      key: readFileSync(join(this.folder, `${base}.key`), "utf8"),
      caFile: join(this.folder, "ca.pem"),
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  #openssl(line: string): void {
    execFileSync("openssl", line.split(" "), { cwd: this.folder, stdio: ["ignore", "ignore", "pipe"] });
  }
}
