# Sends datagrams of a file, each with its length in two octets before it, to PORT of 127.0.0.1 with forged senders; each fifth comes from port 0.
# usage: perl forged-datagrams.pl FILE PORT   (root)
use strict;
use warnings;
use Socket;
my ($file, $port) = @ARGV;
socket(my $socket, AF_INET, SOCK_RAW, 255) or die "raw socket: $!\n";
open(my $input, '<:raw', $file) or die "$file: $!\n";
my $to = sockaddr_in($port, inet_aton('127.0.0.1'));
my $count = 0;
while (read($input, my $head, 2) == 2) {
  my $length = unpack('n', $head);
  my $data = '';
  read($input, $data, $length) if $length > 0;
  my $from = inet_aton(sprintf('127.%d.%d.%d', 1 + int(rand(3)), int(rand(4)), 1 + int(rand(250))));
  my $from_port = $count % 5 == 0 ? 0 : 1024 + int(rand(60000));
  my $udp = pack('nnnn', $from_port, $port, 8 + $length, 0) . $data;
  my $ip = pack('CCnnnCCna4a4', 0x45, 0, 20 + length($udp), $count & 0xffff, 0, 64, 17, 0, $from, inet_aton('127.0.0.1'));
  send($socket, $ip . $udp, 0, $to);
  # The kernel's buffer holds some: what it throws away is not read by anybody.
  select(undef, undef, undef, 0.002) if ++$count % 50 == 0;
}
print "$count\n";
