/* What the runtimes of Go, Java, Node and Rust do below a simple program, in one: sockets that do not block, accept4, epoll
 * with edges, a thread for each connection, writev, sendmsg, recvmsg, shutdown before close, and a signal that interrupts all
 * of it again and again. Its argument is server or client; nothing is wrong here. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static void interrupted(int signal) { (void)signal; }

/* Go's runtime interrupts its threads with SIGURG. */
static void *interrupts(void *thread) {
    while (pthread_kill(*(pthread_t *)thread, SIGURG) == 0)
        usleep(2000);
    return NULL;
}

/* Waits until it can be read; another thread may be waiting for the same. */
static void wait_for(int fd, int what) {
    struct pollfd one = {.fd = fd, .events = what};
    while (poll(&one, 1, -1) < 0 && errno == EINTR) {
    }
}

static ssize_t all_in(int fd, char *data, size_t room) {
    for (;;) {
        struct iovec part = {data, room};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
        ssize_t n = recvmsg(fd, &message, 0);
        if (n >= 0 || (errno != EAGAIN && errno != EINTR))
            return n;
        wait_for(fd, POLLIN);
    }
}

static void *serve(void *argument) {
    int fd = (int)(long)argument, one = 1;
    char data[64];
    ssize_t n;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    while ((n = all_in(fd, data, sizeof data)) > 0) {
        struct iovec parts[2] = {{"echo ", 5}, {data, (size_t)n}};
        if (writev(fd, parts, 2) < 0)
            break;
    }
    shutdown(fd, SHUT_WR);
    close(fd);
    return NULL;
}

static void server(void) {
    int listener = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1, none = 0;
    struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(5000)};
    int events = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ready = {.events = EPOLLIN | EPOLLET, .data.fd = listener};
    setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &none, sizeof none);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&any, sizeof any) < 0 || listen(listener, 128) < 0)
        exit(1);
    epoll_ctl(events, EPOLL_CTL_ADD, listener, &ready);
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        pthread_t thread;
        if (fd < 0) {
            struct epoll_event found;
            epoll_wait(events, &found, 1, -1);
            continue;
        }
        pthread_create(&thread, NULL, serve, (void *)(long)fd);
        pthread_detach(thread);
    }
}

static void client(void) {
    struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *list, *at;
    int fd = -1, error = 1;
    if (getaddrinfo("localhost", "5000", &wanted, &list) != 0)
        exit(1);
    for (at = list; at != NULL && error != 0; at = at->ai_next) {
        socklen_t size = sizeof error;
        fd = socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        connect(fd, at->ai_addr, at->ai_addrlen);
        wait_for(fd, POLLOUT);
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0)
            close(fd);
    }
    if (error != 0)
        exit(1);
    for (int i = 0; i < 5; i++) {
        char data[64];
        size_t got = 0;
        struct iovec part = {"halo\n", 5};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
        if (sendmsg(fd, &message, MSG_NOSIGNAL) != 5)
            exit(1);
        while (got < 10) {
            ssize_t n = all_in(fd, data + got, sizeof data - got);
            if (n <= 0)
                exit(1);
            got += (size_t)n;
        }
        usleep(5000);
    }
    shutdown(fd, SHUT_WR);
    while (all_in(fd, (char[8]){0}, 8) > 0) {
    }
    close(fd);
}

int main(int count, char **words) {
    struct sigaction action = {.sa_handler = interrupted, .sa_flags = SA_RESTART};
    static pthread_t self;
    pthread_t other;
    self = pthread_self();
    sigaction(SIGURG, &action, NULL);
    pthread_create(&other, NULL, interrupts, &self);
    if (count > 1 && strcmp(words[1], "client") == 0)
        client();
    else
        server();
    return 0;
}
