package topiary.lab.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A connected Unix socket as the {@link Socket} that a JDBC driver wants: the JDK has only the
 * channel. Reading obeys {@link #setSoTimeout}; one thread may read while another one writes.
 */
final class UnixSocket extends Socket {
  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private volatile int timeoutMillis;

  private UnixSocket(SocketChannel channel, Selector readable, Selector writable) {
    this.channel = channel;
    this.readable = readable;
    this.writable = writable;
  }

  /**
   * Connects, or fails at once; also when the server has not accepted as many connections as wait
   * already.
   *
   * @param path 107 bytes at most
   */
  static UnixSocket connect(Path path) throws IOException {
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    Selector readable = null;
    Selector writable = null;
    try {
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.finishConnect();
      readable = Selector.open();
      writable = Selector.open();
      channel.register(readable, SelectionKey.OP_READ);
      channel.register(writable, SelectionKey.OP_WRITE);
      return new UnixSocket(channel, readable, writable);
    } catch (IOException | RuntimeException e) {
      for (var opened : new AutoCloseable[] {channel, readable, writable}) {
        try {
          if (opened != null) {
            opened.close();
          }
        } catch (Exception second) {
          e.addSuppressed(second);
        }
      }
      throw e;
    }
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int count) throws IOException {
        if (count == 0) {
          return 0;
        }
        var buffer = ByteBuffer.wrap(bytes, from, count);
        long end = System.nanoTime() + timeoutMillis * 1_000_000L;
        for (int read = channel.read(buffer); ; read = channel.read(buffer)) {
          if (read != 0) {
            return read;
          }
          if (!await(readable, timeoutMillis == 0 ? 0 : end)) {
            throw new SocketTimeoutException("no answer within " + timeoutMillis + " ms");
          }
        }
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        var buffer = ByteBuffer.wrap(bytes, from, count);
        while (buffer.hasRemaining()) {
          if (channel.write(buffer) == 0) {
            await(writable, 0);
          }
        }
      }
    };
  }

  /**
   * Waits until a channel is ready, or until it is that time.
   *
   * @param end of {@link System#nanoTime}; 0 for no end
   */
  private static boolean await(Selector selector, long end) throws IOException {
    try {
      long left = end == 0 ? 0 : (end - System.nanoTime() + 999_999) / 1_000_000;
      if (end != 0 && left <= 0) {
        return false;
      }
      selector.select(left);
      selector.selectedKeys().clear();
      return true;
    } catch (ClosedSelectorException e) {
      var closed = new SocketException("the socket was closed");
      closed.initCause(e);
      throw closed;
    }
  }

  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    try (readable;
        writable) {
      channel.close();
    }
  }
}
