// The entry of dist/server.js. `--stdio` is accepted because every client passes it; there is no other transport.
import { startServer } from './main.ts';

startServer();
