/** Runs the simulator by itself: `npx node __tests__/simulator/main.ts [--port 0] [--repository octo/lab]`. */
import { parseArgs } from 'node:util';
import { startSimulator } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    repository: { type: 'string', default: 'octo/lab' },
  },
});
const [owner = '', name = ''] = values.repository.split('/');
const simulator = await startSimulator({ port: Number(values.port) });
simulator.repository(owner, name);

console.log(`GITHUB_API_URL=${simulator.url}`);
console.log(`GITHUB_REPOSITORY=${values.repository}`);
console.log(`ACTIONS_RESULTS_URL=${simulator.url}/`);
console.log(`ACTIONS_RUNTIME_TOKEN=${simulator.results.token('1')}`);
for (const [token, { login, type }] of simulator.tokens) console.log(`token ${token}: ${login} (${type})`);
process.once('SIGINT', () => void simulator.close());
process.once('SIGTERM', () => void simulator.close());
