import { setFlagsFromString } from 'node:v8';

/*
 * Imported first, for its effect: keeps the whole process, its threads included, from V8's middle compiler, Maglev. In
 * Node 24 it now and then computed a loop of sums wrongly when it took over in the middle of it
 * (docs/adr/0008-no-maglev.md). Engines without that flag ignore it.
 */
setFlagsFromString('--no-maglev');
