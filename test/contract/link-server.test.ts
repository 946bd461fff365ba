import { describeLinkHttp } from './link-http.contract.js';
import { describeLinkServer } from './link-server.contract.js';

describeLinkServer('uWebSockets.js');
describeLinkServer('ws');
describeLinkHttp('uWebSockets.js');
describeLinkHttp('ws');
