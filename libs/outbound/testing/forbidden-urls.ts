// URLs that must never be called, in every disguise we know of; {port} is that of a server which would hear of it.

/** Texts that stand apart by white space. */
export const listed = (text: string): readonly string[] => text.trim().split(/\s+/);

/** By what they try. */
export const forbiddenUrls: Readonly<Record<string, readonly string[]>> = {
  'loopback, plainly and in the shorthands of URLs': listed(`
    http://127.0.0.1:{port}/ http://127.0.0.1/ https://127.0.0.1/ http://127.0.0.2:{port}/ http://127.255.255.254/ http://127.1:{port}/
    http://127.0.1:{port}/ http://2130706433:{port}/ http://0x7f000001:{port}/ http://0X7F000001:{port}/ http://0x7f.1:{port}/
    http://0x7f.0x0.0x0.0x1:{port}/ http://017700000001:{port}/ http://0177.0.0.1:{port}/ http://0177.0.0.01:{port}/
    http://0177.0x0.0.1:{port}/ http://00000177.1:{port}/ http://127.0x1:{port}/ http://127.0.0x1:{port}/ http://127.000.000.001:{port}/
    http://0x0000000000007f000001:{port}/ http://127.65535:{port}/ http://127.16777214:{port}/ http://2147483646:{port}/
  `),
  'this host and this network': listed(`
    http://0.0.0.0:{port}/ http://0:{port}/ http://00:{port}/ http://0x0:{port}/ http://0x:{port}/ http://0.0:{port}/ http://0.0.0:{port}/
    http://0.1.2.3/ http://0.255.255.255/ https://0.0.0.0/
  `),
  'digits and dots of other scripts, and encoded ones': listed(`
    http://127。0。0。1:{port}/ http://127.0.0｡1:{port}/ http://１２７.０.０.１:{port}/ http://①②⑦.⓪.⓪.①:{port}/ http://①②⑦｡①:{port}/
    http://𝟏𝟐𝟕.𝟎.𝟎.𝟏:{port}/ http://𝟙𝟚𝟟.𝟘.𝟘.𝟙:{port}/ http://０ｘ7f.1:{port}/ http://²130706433:{port}/ http://¹²⁷.0.0.1:{port}/
    http://%31%32%37.0.0.1:{port}/ http://127%2e0%2e0%2e1:{port}/ http://%6c%6f%63%61%6c%68%6f%73%74:{port}/ http://127.0.0.%31:{port}/
    http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/ http://ｌｏｃａｌｈｏｓｔ:{port}/ http://loc%61lhost:{port}/ http://loc\u00adalhost:{port}/
    http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/ http://𝟷𝟶.𝟶.𝟶.𝟷/
  `),
  'dots at the end': listed(`
    http://127.0.0.1.:{port}/ http://127.1.:{port}/ http://2130706433.:{port}/ http://localhost.:{port}/ http://localhost..:{port}/
    http://169.254.169.254./ http://metadata.google.internal./ http://10.0.0.1./ http://db.internal./ http://kafka.:{port}/
    http://0x7f000001.:{port}/ http://LOCALHOST.:{port}/
  `),
  'private networks': listed(`
    http://10.0.0.0/ http://10.0.0.1/ http://10.255.255.255/ https://10.1.2.3:8443/ http://167772161/ http://0xa000001/ http://012.0.0.1/
    http://10.1/ http://172.16.0.0/ http://172.16.0.1/ http://172.31.255.255/ http://172.20.10.1:9200/ http://0xac.0x10.1/
    http://2886729729/ http://192.168.0.0/ http://192.168.0.1/ http://192.168.255.255/ http://192.168.1/ http://3232235521/
    http://0xc0a80001/ http://0300.0250.0.1/ http://100.64.0.0/ http://100.64.0.1/ http://100.127.255.255/
  `),
  'special purposes of IPv4': listed(`
    http://169.254.0.0/ http://169.254.255.255/ http://192.0.0.0/ http://192.0.0.8/ http://192.0.0.9/ http://192.0.0.10/
    http://192.0.0.170/ http://192.0.0.255/ http://192.0.2.1/ http://192.31.196.1/ http://192.52.193.1/ http://192.88.99.1/
    http://192.88.99.2/ http://192.175.48.1/ http://198.18.0.1/ http://198.19.255.255/ http://198.51.100.1/ http://203.0.113.1/
    http://224.0.0.1/ http://239.255.255.255/ http://240.0.0.1/ http://255.255.255.254/ http://255.255.255.255/ http://4294967295/
    http://0xffffffff/ http://233.252.0.1/
  `),
  "clouds' metadata": listed(`
    http://169.254.169.254/latest/meta-data/ https://169.254.169.254/ http://2852039166/latest/ http://0xa9fea9fe/
    http://0251.0376.0251.0376/ http://0251.254.169.254/ http://169.254.43518/ http://169.16689662/ http://0xA9.0xFE.0xA9.0xFE/
    http://169.254.170.2/v2/credentials/ http://169.254.169.123/ http://169.254.169.253/ http://169.254.0.23/ http://169.254.42.42/conf
    http://100.100.100.200/latest/meta-data/ http://192.0.0.192/latest/ http://168.63.129.16/machine?comp=goalstate http://2822734096/
    http://[fd00:ec2::254]/latest/ http://[fd00:ec2::23]/ http://[fd20:ce::254]/ http://[fe80::a9fe:a9fe]/ http://[::ffff:169.254.169.254]/
    http://[::ffff:a9fe:a9fe]/ http://[::169.254.169.254]/ http://[64:ff9b::169.254.169.254]/ http://[64:ff9b:1::a9fe:a9fe]/
    http://[2002:a9fe:a9fe::1]/ http://[fd00:42::42]/conf http://metadata/computeMetadata/v1/ http://metadata.google.internal/
    http://METADATA.GOOGLE.INTERNAL/ http://metadata.goog.internal/ http://instance-data/latest/ http://metadata.tencentyun.com/
    http://metadata.packet.net/ http://metadata.platformequinix.com/ http://rancher-metadata/ http://instance-data.ec2.internal/
  `),
  'loopback of IPv6': listed(`
    http://[::1]:{port}/ https://[::1]/ http://[0:0:0:0:0:0:0:1]:{port}/ http://[0000::0001]:{port}/ http://[::0.0.0.1]:{port}/
    http://[::]:{port}/ http://[0::0]:{port}/ http://[::0.0.0.0]:{port}/ http://[::2]/
  `),
  'IPv4 in IPv6': listed(`
    http://[::ffff:127.0.0.1]:{port}/ http://[::ffff:7f00:1]:{port}/ http://[::FFFF:127.0.0.1]:{port}/
    http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/ http://[0000:0000:0000:0000:0000:ffff:7f00:0001]:{port}/ http://[::127.0.0.1]:{port}/
    http://[::7f00:1]:{port}/ http://[::ffff:0:127.0.0.1]:{port}/ http://[::ffff:0.0.0.0]:{port}/ http://[::ffff:10.0.0.1]/
    http://[::ffff:192.168.0.1]/ http://[::ffff:8.8.8.8]/ http://[::8.8.8.8]/ http://[64:ff9b::127.0.0.1]:{port}/
    http://[64:ff9b::8.8.8.8]/ http://[64:ff9b:1::7f00:1]/ http://[64:ff9b:1:ffff::10.0.0.1]/ http://[2002:7f00:1::]/
    http://[2002:7f00:1::1]:{port}/ http://[2002:a00:1::]/ http://[2002:808:808::]/ http://[2001::7f00:1]/
    http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/ http://[fe80::5efe:127.0.0.1]/ http://[2001:0:7f00:1::]/
  `),
  'special purposes of IPv6': listed(`
    http://[100::]/ http://[100::1]/ http://[100:0:0:1::]/ http://[100:0:0:1::1]/ http://[2001:1::1]/ http://[2001:1::2]/ http://[2001:2::]/
    http://[2001:3::1]/ http://[2001:4:112::1]/ http://[2001:10::1]/ http://[2001:20::1]/ http://[2001:30::1]/ http://[2001:db8::1]/
    http://[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]/ http://[2620:4f:8000::1]/ http://[3fff::1]/ http://[3fff:fff::1]/ http://[5f00::1]/
    http://[fc00::]/ http://[fc00::1]/ http://[fd12:3456:789a::1]/ http://[fdff::1]/ http://[fe80::]/ http://[fe80::1]/ http://[febf::1]/
    http://[fec0::1]/ http://[ff02::1]/ http://[ff0e::1]/ http://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]/ http://[4000::1]/
    http://[1fff:ffff::1]/ http://[8000::1]/ http://[200::1]/
  `),
  'names of private networks': listed(`
    http://localhost:{port}/ https://localhost/ http://LOCALHOST:{port}/ http://LocalHost:{port}/ http://a.localhost:{port}/
    http://localhost.localdomain:{port}/ http://postgres:5432/ http://kafka:9092/ http://receiver:{port}/ http://db.internal/
    http://ip-10-0-0-1.ec2.internal/ http://printer.local/ http://kubernetes.default.svc/ http://kubernetes.default.svc.cluster.local/
    http://host.docker.internal:{port}/ http://router.lan/ http://nas.home/ http://nas.home.arpa/ http://wiki.corp/ http://www.intranet/
    http://vault.private/ http://ip6-localhost:{port}/ http://broadcasthost/ http://com/
  `),
  'user info': listed(`
    http://example.com@127.0.0.1:{port}/ http://user:password@127.0.0.1:{port}/ http://example.com:80@127.0.0.1:{port}/
    http://127.0.0.1:{port}@example.com/ https://user@example.com/ https://:password@example.com/ https://user:@example.com/
    http://example.com%2f@127.0.0.1:{port}/ http://a@b@127.0.0.1:{port}/ http://foo@127.0.0.1:{port}#@example.com/
    http://example.com%23@127.0.0.1:{port}/ http://[::1]@example.com/
  `),
  'what is no host for one reader and is for another': listed(String.raw`
    http:127.0.0.1:{port}/ http:/127.0.0.1:{port}/ http:///127.0.0.1:{port}/ http:\\127.0.0.1:{port}/ http:/\127.0.0.1:{port}/
    http://127.0.0.1:{port}\@example.com/ http://127.0.0.1:{port}/@example.com http://127.0.0.1:{port}?@example.com
    http://127.0.0.1:{port}#@example.com HTTP://127.0.0.1:{port}/ http://127.0.0.1:{port}/../../example.com/ http://////localhost:{port}
    http://@127.0.0.1:{port}/ http://127.0.0.1:0{port}/ http://127.0.0.1\example.com/ http:@127.0.0.1:{port}
  `),
  'other protocols': listed(`
    ftp://127.0.0.1:{port}/ gopher://127.0.0.1:{port}/_GET file:///etc/passwd file://127.0.0.1/etc/passwd dict://127.0.0.1:{port}/
    ws://127.0.0.1:{port}/ wss://example.com/ data:text/plain,a javascript:1 blob:http://127.0.0.1:{port}/a ldap://127.0.0.1:{port}/
    unix:///var/run/docker.sock http+unix://a/ jar:http://127.0.0.1:{port}!/ about:blank view-source:http://127.0.0.1:{port}/
  `),
  'ports of other protocols': listed(`
    http://example.com:0/ http://example.com:22/ http://example.com:25/ https://example.com:25/ http://example.com:110/ http://8.8.8.8:53/
    http://example.com:445/ https://example.com:1023/ http://[2606:4700::1111]:22/
  `),
  'what is no URL': listed(`
    http:// http://: http://[:: http://[::1 http://::1:{port}/ http://127.0.0.1:65536/ http://127.0.0.1:{port}x/ http://256.256.256.256/
    http://127.0.0.0x100/ http://1.2.3.4.5/ http://0x1ffffffff/ http://127.0.0.1%00.example.com/ http://a^b/ //127.0.0.1:{port}/ 127.0.0.1:{port}
    http://[::ffff:127.0.0.256]/ http://09.0.0.1/ http://127..0.1/ http://[fe80::1%25lo]:{port}/ http://[::1%251]:{port}/
    http://١٢٧.0.0.1:{port}/
  `),
};

/** What the resolver may say of a name that looks harmless; one bad address among good ones is enough. */
export const forbiddenAnswers: readonly (readonly string[])[] = [
  ...listed(`
    127.0.0.1 127.8.9.10 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 100.64.0.1 100.100.100.200 169.254.169.254 169.254.170.2 168.63.129.16
    192.0.0.192 198.18.0.1 203.0.113.1 224.0.0.1 255.255.255.255 ::1 :: ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::7f00:1 64:ff9b::7f00:1
    2002:7f00:1:: 2001::1 fd00:ec2::254 fe80::1 fe80::1%lo ff02::1 2001:db8::1 3fff::1 5f00::1 fc00::1 100:0:0:1::1
  `).map((address) => [address]),
  ['8.8.8.8', '127.0.0.1'],
  ['127.0.0.1', '8.8.8.8'],
  ['8.8.8.8', '1.1.1.1', '9.9.9.9', '169.254.169.254'],
  ['2606:4700::1111', '::1'],
  ['2606:4700::1111', '127.0.0.1'],
  ['8.8.8.8', 'fd00:ec2::254'],
  ['8.8.8.8', '::ffff:127.0.0.1'],
  [],
];
