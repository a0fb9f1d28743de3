/* Both ends in one program: the server in a forked child, one client in the parent and one in a thread. Each call is
 * marked with the name that the kernel has for it. */
#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in address;

static inline ssize_t say(int fd, const char *words)
{
    return write(fd, words, strlen(words)); /* @write */
}

static int answer(int fd)
{
    char buffer[100];
    ssize_t n;
    while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0) /* @recvfrom */
        if (send(fd, buffer, n, 0) < 0) /* @sendto */
            return 1;
    return close(fd); /* @close */
}

static void *client(void *words)
{
    char buffer[100];
    int fd = socket(AF_INET, SOCK_STREAM, 0); /* @socket */
    if (connect(fd, /* @connect */
                (struct sockaddr *)&address,
                sizeof address) < 0)
        return 0;
    say(fd, words);
    ssize_t n =
        read(fd, buffer, sizeof buffer); /* @read */
    shutdown(fd, SHUT_WR); /* @shutdown */
    while (n > 0)
        n = read(fd, buffer, sizeof buffer); /* @read */
    close(fd); /* @close */
    return 0;
}

int main(void)
{
    socklen_t len = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0); /* @socket */
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener, (struct sockaddr *)&address, sizeof address); /* @bind */
    getsockname(listener, (struct sockaddr *)&address, &len);
    listen(listener, 5); /* @listen */
    if (fork() == 0) {
        for (int i = 0; i < 2; i++)
            answer(accept(listener, 0, 0)); /* @accept */
        return 0;
    }
    client("satu");
    pthread_t thread;
    pthread_create(&thread, 0, client, "dua");
    pthread_join(thread, 0);
    wait(0);
    close(listener); /* @close */
    return 0;
}
