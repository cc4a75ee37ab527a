// What an application in JavaScript sends by hot-shots: every type, in buffers of many lines, with
// tags of unusual characters. The first argument is where hot-shots is installed.
'use strict';
const [, , home, host, port] = process.argv;
const StatsD = require(`${home}/hot-shots`);

const client = new StatsD({
  host, port: Number(port), prefix: 'shop.', globalTags: { Env: 'Prod', region: 'España' },
  maxBufferSize: 900, bufferFlushInterval: 20, includeDatadogTags: false,
  errorHandler: (error) => { console.error(error); process.exitCode = 1; },
});
const odd = ['way:hot-shots', 'path:/a b?c=d&e', 'who:Ñandú|x', 'list:1,2', '日本'];

for (let i = 1; i <= 200; i += 1) {
  client.increment('hits', 1, odd);
  client.distribution('took', i, ['way:hot-shots']);
  client.histogram('size', i, ['way:hot-shots']);
  client.timing('answer', i, ['way:hot-shots']);
}
client.increment('many', 7, ['way:hot-shots']);
client.decrement('many', 2, ['way:hot-shots']);
client.gauge('depth', 3, ['way:hot-shots']);
client.gauge('depth', 9, ['way:hot-shots']);
for (const user of ['ana', 'luis', 'ana']) client.set('users', user, ['way:hot-shots']);
// Lengths of events are UTF-16 units there, and titles and names of checks have the prefix, too.
client.event('Despliegue ⚡ 🔭', 'versión 2\nde la tienda', {
  alert_type: 'warning', priority: 'low', source_type_name: 'node', aggregation_key: 'deploy',
  hostname: 'web-9', date_happened: new Date(Date.now() - 60_000),
}, odd);
client.check('db', client.CHECKS.CRITICAL, {
  hostname: 'db-9', message: 'no answer', date_happened: new Date(Date.now() - 5_000),
}, ['way:hot-shots']);
client.close();
