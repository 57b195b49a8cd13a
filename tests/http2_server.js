'use strict';
// HTTP/2 over TLS: answers "connection stream" to every request, after a little while.
// usage: node http2_server.js CERTIFICATE_AND_KEY.pem; prints its port, ends with its standard input.
const fs = require('fs');
const http2 = require('http2');

const pem = fs.readFileSync(process.argv[2]);
const server = http2.createSecureServer({ cert: pem, key: pem });
let connections = 0;
server.on('session', (session) => {
	const number = ++connections;
	session.on('stream', (stream) => stream.on('error', () => {}) && setTimeout(() => {
		stream.respond({ ':status': 200 });
		stream.end(`${number} ${stream.id}`);
	}, 50));
	session.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
